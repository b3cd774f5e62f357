// What a module can reach at load without asking for anything (its module object, `require`, `process`, the globals) and
// what the built-ins show is looked at twice: in a plain run, and by a module while it is baked, as no rule would let it. Whatever
// answers otherwise has to be noted by the analysis, by whomever it is read; or it is compared before the module is used.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { rules } from '../../src/hazards/index.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { openBench } from '../bake/harness/plans.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

/** Writes what it finds as `{ "process\0features\0inspector": "boolean true" }`. */
const WALKER = `const found = {}, seen = new Set();
const isPlain = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');
const describe = (value) => isPlain(value) ? typeof value + ' ' + String(value)
  : typeof value === 'function' ? 'function ' + value.name + ' ' + value.length
  : Object.prototype.toString.call(value) + (Array.isArray(value) ? ' ' + value.length : '');
const read = (holder, key) => { try { return holder[key]; } catch (error) { return 'throws ' + error.message; } };
function walk(place, object, depth) {
  if (isPlain(object) || seen.has(object)) return;
  seen.add(object);
  const inner = [];
  const roots = [null, Object.prototype, Function.prototype, Array.prototype];
  for (let holder = object; !roots.includes(holder); holder = Object.getPrototypeOf(holder)) {
    for (const key of Reflect.ownKeys(holder)) {
      const at = place + '\\0' + (typeof key === 'symbol' ? '@' + key.description : key);
      if (at in found || (Array.isArray(object) && key !== 'length')) continue;
      const value = read(object, key);
      found[at] = describe(value);
      if (typeof value === 'object' || at === 'module\\0constructor') inner.push([at, value]);
    }
  }
  if (depth > 1) for (const [at, value] of inner) walk(at, value, depth - 1);
}
for (const name of ['stdin', 'stdout', 'stderr', 'env', 'argv', 'execArgv']) {
  found['process\\0' + name] = describe(process[name]);
  seen.add(process[name]);
}
seen.add(globalThis);
walk('module', module, 3);
walk('require', require, 2);
walk('process', process, 3);
for (const name of BUILTINS) walk('require(' + JSON.stringify(name) + ')', require(name), 3);
seen.delete(globalThis);
walk('globalThis', globalThis, 1);
const calls = /^(?:_get|get(?!BuiltinModule)|has|cwd|umask|uptime|memoryUsage|cpuUsage|resourceUsage|availableMemory|constrainedMemory|eventNames)/;
for (const name of Object.keys(process)) if (typeof process[name] === 'function' && calls.test(name) && !/Callback$/.test(name))
  found['process\\0' + name + '()'] = JSON.stringify(process[name]());
require('node:fs').writeFileSync(require('node:path').join(__dirname, require.main === undefined ? 'baked.json' : 'plain.json'), JSON.stringify(found));
`;

/** Those that a builder can load, and whose objects nothing is wrong with. */
const BUILTINS = [
  ...['node:async_hooks', 'node:buffer', 'node:diagnostics_channel', 'node:dns', 'node:events', 'node:fs', 'node:net'],
  ...[
    'node:os',
    'node:path',
    'node:perf_hooks',
    'node:readline',
    'node:stream',
    'node:timers',
    'node:url',
    'node:util',
  ],
  ...['node:tty', 'node:v8', 'node:vm', 'node:zlib'],
];

type Found = Readonly<Record<string, string>>;

/** What no builder has, whatever the version. */
const KNOWN = [
  'process\0mainModule',
  'process\0moduleLoadList',
  'process\0features\0cached_builtins',
  'module\0parent',
  'module\0constructor\0builtinModules',
  'module\0constructor\0runMain',
  'require\0main',
];

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** `process.features["cached_builtins"]` */
function expressionOf(place: string): string {
  const [root = '', ...keys] = place.split('\0');
  return keys.reduce((holder, key) => {
    if (key.startsWith('@'))
      return `${holder}[Object.getOwnPropertySymbols(${holder}).find((one) => one.description === ${JSON.stringify(key.slice(1))})]`;
    if (key.endsWith('()')) return `${holder}.${key}`;
    return IDENTIFIER.test(key) ? `${holder}.${key}` : `${holder}[${JSON.stringify(key)}]`;
  }, root);
}

function differing(plain: Found, baked: Found): string[] {
  const places = [...new Set([...Object.keys(plain), ...Object.keys(baked)])].filter(
    (place) => plain[place] !== baked[place],
  );
  // What lies below what differs is reached through that.
  return places.filter((place) => !places.some((other) => place.startsWith(`${other}\0`)));
}

async function walkBoth(t: Test, major: number): Promise<string[]> {
  const bench = await openBench(t, major);
  if (bench === undefined) return [];
  const walker = WALKER.replace('BUILTINS', JSON.stringify(BUILTINS));
  const plan = bench.plan({ 'walker.js': walker, 'cli.js': "require('./walker.js');" });
  const { path: node } = nodeFor(major);
  writeFileSync(bench.file('package.json'), '{}');
  execFileSync(node, [bench.file('cli.js')], { env: { HOME: bench.file('') } });
  const module = plan.modules.find(({ file }) => file === bench.file('walker.js'));
  const requests = [...BUILTINS].map((name) => [name, name] as const);
  // What it keeps, or has loaded, may well be too much for a snapshot: it has written by then.
  await bench.builder.build({ ...plan, modules: module === undefined ? [] : [{ ...module, requests }] });
  const read = (name: string): Found => JSON.parse(readFileSync(bench.file(name), 'utf8'));
  return differing(read('plain.json'), read('baked.json'));
}

t.setTimeout(240_000);

for (const major of MAJORS) {
  t.test(`whatever a builder answers otherwise is noted, Node ${major}`, async (t) => {
    const places = await walkBoth(t, major);
    for (const place of KNOWN) t.ok(places.includes(place), `the walk finds ${place.replaceAll('\0', '.')}`);
    const files = Object.fromEntries(
      places.map((place, index) => [
        `${index}.js`,
        `const value = ${expressionOf(place)};\nexports.found = [typeof value, Array.isArray(value) && value.length];\n`,
      ]),
    );
    const program = programOf(files);
    const node = nodeFor(major);
    try {
      const graph = graphOf(program.entry, node.path);
      const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 120_000, workDir: program.folder });
      const { modules } = makePlan({ graph, analysis, facts });
      for (const [index, place] of places.entries()) {
        const file = path.join(program.folder, `${index}.js`);
        const isNoted = modules.some(
          (module) => module.file === file && (module.verdict !== 'baked' || module.guards.length > 0),
        );
        const [root = '', member, ...deeper] = place.split('\0');
        const owner = root === 'process' ? 'globalThis.process' : /^require\("(.*)"\)$/.exec(root)?.[1];
        const isCompared =
          deeper.length === 0 &&
          analysis.reads.some((read) => read.module === file && read.owner === owner && read.member === member);
        t.ok(isNoted || isCompared, expressionOf(place), { ...modules.find((module) => module.file === file) });
      }
    } finally {
      program.remove();
    }
  });
}

/** Reads of one thing through several doors, by the rule that packs who makes them; none: it is baked. */
const DOORS: readonly (readonly [source: string, rule?: string])[] = [
  ['exports.found = [require.main];', 'HAZARD_LOADER_READ'],
  ['const { main } = require; exports.found = main;', 'HAZARD_LOADER_READ'],
  ["exports.found = require['main'] === module;", 'HAZARD_LOADER_READ'],
  ['const { mainModule } = process; exports.found = mainModule;', 'HAZARD_LOADER_READ'],
  ["exports.found = require('process').mainModule;", 'HAZARD_LOADER_READ'],
  ['exports.found = Object.keys(module.constructor._cache);', 'HAZARD_LOADER_READ'],
  ['exports.found = Object.getPrototypeOf(module).constructor._pathCache;', 'HAZARD_LOADER_READ'],
  [
    "require('module'); const { builtinModules } = module.constructor; exports.found = builtinModules;",
    'HAZARD_BUILTIN_LIST',
  ],
  ['exports.found = typeof module.constructor.findSourceMap;', 'HAZARD_LOADER_READ'],
  ['exports.found = module.children.length;', 'HAZARD_LOADER_READ'],
  ["exports.found = require('util').inspect(module);", 'HAZARD_LOADER_READ'],
  ['exports.found = Object.getOwnPropertySymbols(module).length;', 'HAZARD_LOADER_READ'],
  ['const { features } = process; exports.found = { ...features };', 'HAZARD_PROCESS_STATE'],
  ['exports.found = process.moduleLoadList.length;', 'HAZARD_PROCESS_STATE'],
  ["exports.found = process.rawListeners('warning').length;", 'HAZARD_PROCESS_STATE'],
  ['exports.found = Object.keys(performance.nodeTiming.toJSON());', 'HAZARD_CLOCK'],
  ['exports.found = require.main === module || process.mainModule === module;'],
  ['if (require.main !== module) exports.found = [module.id, module.filename, module.paths, module.loaded];'],
  ["const Module = module.constructor; exports.found = Module.length > 1 ? Module : require('module');"],
  ["exports.found = typeof require('module').createRequire(__filename);", 'HAZARD_MODULE_HOOK'],
  ["const Module = require('module'); exports.found = [typeof Module.findSourceMap, module instanceof Module];"],
  ['exports.found = [process.features.inspector, process.release.name, Object.keys(process.versions)];'],
];

for (const major of MAJORS) {
  t.test(`by whatever door it is reached, Node ${major}`, async (t) => {
    const files = DOORS.map(([source], index) => [`${index}.js`, `${source}\n`] as const);
    const program = programOf(Object.fromEntries(files));
    const node = nodeFor(major);
    try {
      const graph = graphOf(program.entry, node.path);
      const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 120_000, workDir: program.folder });
      const all = makePlan({ graph, analysis, facts }).modules;
      for (const [index, [source, rule]] of DOORS.entries()) {
        const file = path.join(program.folder, `${index}.js`);
        const found = all.find((module) => module.file === file);
        t.equal(found?.verdict, rule === undefined ? 'baked' : 'packed', source, { ...found });
        if (rule === undefined) continue;
        t.equal(found?.code, rule, source);
        const active = rules.filter(({ code }) => code !== rule);
        const { modules } = makePlan({ graph, analysis, facts, rules: active });
        const without = modules.find((module) => module.file === file);
        t.equal(without?.verdict, 'baked', `${source} for that reason alone`, { ...without });
      }
    } finally {
      program.remove();
    }
  });
}
