// How long does the analysis of one bundle last, by its size? Bundles of 1 to 16 MB are made of modules of the corpora, as
// bundlers make them: each in a function, and between them the variables and functions of TypeScript's own build, whose
// names the module declares. Prints seconds of the processor,
// seconds a MB, which should not grow, and the most memory that a process took.
// Each size has a process of its own: heaps that are full already are slower. Usage: bundle-scale.js [MB…]

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { instrument } from '../src/source/instrument.js';
import { rewrite } from '../src/source/rewrite.js';
import { moduleText } from '../src/source/source-text.js';
import { corpusFolder } from './places.js';

const CORPORA = ['eslint', 'npm', 'mocha', 'webpack', 'babel'];
const SIZES_MB = [1, 2, 4, 8, 16];
const MB = 1024 * 1024;
const LARGEST_MODULE = 200_000;
/** With one of these in a text, nothing in it can wait (`isOpaque` in candidates.ts), and less is looked at. */
const OPAQUE = /\beval\b|\bwith\s*\(|(?<![.\w$])(?:exports|module|require|__filename|__dirname)\s*=(?!=)/;
const HEAD = `var __commonJS = (cb, mod) => function __require() {
  return mod || (0, cb[Object.keys(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
};
`;

function isScript(source: string): boolean {
  try {
    new Script(`(function (exports, require, module) {${source}\n})`);
    return true;
  } catch {
    return false;
  }
}

/** Modules of the corpora, over and over. */
function* modules(): Generator<string> {
  for (;;) {
    for (const folder of CORPORA.map((corpus) => join(corpusFolder(corpus), 'node_modules'))) {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
        const file = join(folder, name);
        if (!/\.c?js$/.test(name) || !statSync(file).isFile()) continue;
        const source = readFileSync(file, 'utf8')
          .replace(/^\uFEFF/, '')
          .replace(/^#!.*/, '');
        if (source.length < LARGEST_MODULE && !OPAQUE.test(source) && isScript(source)) yield source;
      }
    }
  }
}

/** What stands between modules: names without values, functions that call each other or replace themselves, an enumeration. */
function between(index: number): string {
  const vars = Array.from({ length: 12 }, (_, at) => `var pending_${index}_${at};\n`);
  const functions = Array.from({ length: 12 }, (_, at) => {
    const next = at > 0 ? `step_${index}_${at - 1}` : index > 0 ? `step_${index - 1}_11` : 'Object';
    return `function step_${index}_${at}(node) {\n  return node && node.parent ? ${next}(node.parent) : node;\n}\n`;
  });
  return `${vars.join('')}${functions.join('')}function lazy_${index}(x) {
  return (lazy_${index} = function (y) { return y; })(x);
}
var made_${index} = lazy_${index}(step_${index}_11(null));
var Kind_${index} = /* @__PURE__ */ ((Kind2) => {
  Kind2[Kind2["A"] = 0] = "A";
  return Kind2;
})(Kind_${index} || {});
pending_${index}_0 = Kind_${index};
`;
}

function bundleOf(chars: number): string {
  const parts = [HEAD];
  let [length, index] = [HEAD.length, 0];
  for (const source of modules()) {
    const wrapped = `var require_${index} = __commonJS({\n  "module-${index}"(exports, module) {\n${source}\n  }\n});\n`;
    const part = `// module-${index}\n${wrapped}${between(index)}`;
    parts.push(part);
    length += part.length;
    index++;
    if (length >= chars) return parts.join('');
  }
  return '';
}

/** Of the processor: what else the machine does counts less. */
function seconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** In a process of its own. */
function measure(mb: number): void {
  const source = bundleOf(mb * MB);
  let [candidates, bakedChars] = [0, 0];
  let facts = instrument('').facts;
  const analysed = seconds(() => {
    ({ facts } = instrument(source));
    candidates = facts.candidates.length;
  });
  const rewritten = seconds(() => {
    const deferred = new Set(facts.candidates.map(({ index }) => index));
    bakedChars = rewrite(moduleText(source), facts.ranges, deferred).text.length;
  });
  if (!facts.parsed || candidates === 0 || bakedChars === 0) throw new Error(`${mb} MB: nothing was found`);
  const gigabytes = process.resourceUsage().maxRSS / MB;
  const perMb = analysed / (source.length / MB);
  const columns = [mb, analysed.toFixed(1), perMb.toFixed(2), rewritten.toFixed(2), gigabytes.toFixed(1), candidates];
  console.log(columns.map((column) => String(column).padStart(11)).join(''));
}

const [own, ...asked] = process.argv.slice(2);
if (own === '--one') measure(Number(asked[0]));
else {
  const titles = ['MB', 'analysis s', 's/MB', 'rewrite s', 'peak GB', 'candidates'];
  console.log(titles.map((title) => title.padStart(11)).join(''));
  const sizes = own === undefined ? SIZES_MB : [own, ...asked].map(Number);
  for (const mb of sizes) {
    const args = [fileURLToPath(import.meta.url), '--one', String(mb)];
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
