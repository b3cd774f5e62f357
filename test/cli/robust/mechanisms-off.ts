// Some of the known hazards are no rule's business: the modules are baked as they are, and a mechanism of the launched
// program makes them see what plain Node shows. Each is switched off in a copy of the tool; the build of the real
// package's program has to notice. With all of them on, the same packages behave as plain: test/cli/real/hazards-node-24.ts.

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { hazardProgram } from '../cases/hazards.js';
import { buildArguments } from '../harness/build.js';
import { corpus } from '../harness/corpus.js';
import { nodes, pathFolder, type TestNode } from '../harness/nodes.js';
import { repository, scratch } from '../harness/places.js';
import { baseEnvironment, run } from '../harness/run.js';

interface Mechanism {
  readonly what: string;
  readonly program: string;
  /** Below dist/snapshot-entry. */
  readonly file: string;
  readonly code: RegExp;
  readonly instead: string;
}

const mechanisms: readonly Mechanism[] = [
  {
    what: 'import() by the loader of Node',
    program: 'string-width',
    file: 'launch/compile.cjs',
    code: /exports\.importModuleDynamically = [^;]*USE_MAIN[^;]*;/,
    instead: 'exports.importModuleDynamically = undefined;',
  },
  {
    what: 'one copy of each module, in the cache of modules',
    program: 'graphql',
    file: 'launch/registry.cjs',
    code: /[\w.]*_cache\[baked\.file\] = baked\.module;/,
    instead: '',
  },
  {
    what: 'baked modules in the cache, for who deletes them there',
    program: 'import-fresh',
    file: 'launch/registry.cjs',
    code: /[\w.]*_cache\[baked\.file\] = baked\.module;/,
    instead: '',
  },
  {
    what: 'the main module of a run',
    program: 'require-main-filename',
    file: 'launch/registry.cjs',
    code: /baked\.require\.main = process\.mainModule;/,
    instead: 'baked.require.main = undefined;',
  },
  {
    what: 'the options that forks inherit',
    program: 'jest-worker',
    file: 'shared/launch-requests.cjs',
    code: /delete env\[exports\.SNAPSHOT\.name\];/,
    instead: ';',
  },
  {
    what: 'nothing baked or packed under hooks',
    program: 'require-in-the-middle',
    file: 'launch/loader.cjs',
    // A module whose `require` was replaced is left to Node for that, too.
    code: /(#isPristine\(\) \{)([\s\S]*?#isAsMade\([^)]*\) \{)/,
    instead: '$1 return true;$2 return true;',
  },
];

/** What `snap build` exits with where accelerated runs differ from plain ones. */
const DIFFERS = 3;

/** A copy of the tool without one of its mechanisms; undefined, and a failed test, where the code has moved. */
function crippled(t: Test, { file, code, instead }: Mechanism): string | undefined {
  const copy = scratch(t, 'crippled');
  mkdirSync(join(copy, 'dist'));
  for (const part of ['src', 'snapshot-entry']) {
    cpSync(join(repository, 'dist', part), join(copy, 'dist', part), { recursive: true });
  }
  cpSync(join(repository, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  const changed = join(copy, 'dist', 'snapshot-entry', file);
  const text = readFileSync(changed, 'utf8');
  if (!t.equal(text.match(new RegExp(code, 'g'))?.length, 1, `${file} has the code to switch off, once`)) {
    return undefined;
  }
  writeFileSync(changed, text.replace(code, instead));
  return join(copy, 'dist', 'src', 'cli', 'main.js');
}

async function buildCrippled(t: Test, node: TestNode, folder: string, mechanism: Mechanism): Promise<void> {
  const tool = crippled(t, mechanism);
  if (tool === undefined) return;
  const ground = scratch(t, 'ground');
  const entry = join(folder, `${mechanism.program}.js`);
  const args = buildArguments(node, join(ground, 'artifact'), 'cli', { entry, train: ['run'] });
  const env = baseEnvironment(ground, pathFolder(ground, node));
  const { code, stdout, stderr } = await run('node', [tool, ...args], { cwd: folder, env, timeoutMs: 300_000 });
  // Or it finds modules without which there is no difference, and leaves them out.
  const isNoticed = code === DIFFERS || stderr.includes('the accelerated run differs from plain');
  t.ok(isNoticed, `${mechanism.program} differs without it`, { code, stdout, stderr });
}

t.setTimeout(600_000);

const installed = corpus(t, 'hazards');
if (installed !== undefined) {
  for (const node of nodes(t, ['v24'])) {
    const folder = hazardProgram(t, installed);
    for (const mechanism of mechanisms) {
      await t.test(`without ${mechanism.what}`, async (t) => buildCrippled(t, node, folder, mechanism));
    }
  }
}
