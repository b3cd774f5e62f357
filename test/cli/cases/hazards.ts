// The sixteen hazards of packages that freeze what they must not, each with real packages that have it: built in one
// environment, run in ten others.

import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { build, buildArguments, snap, type Target } from '../harness/build.js';
import { type Case, compare, runAccelerated } from '../harness/compare.js';
import { corpus } from '../harness/corpus.js';
import { names as filesBelow } from '../harness/files.js';
import { type NodeName, nodes, type TestNode } from '../harness/nodes.js';
import { fixtures, scratch } from '../harness/places.js';
import { hasTerminal } from '../harness/terminal.js';
import { environments } from './environments.js';

/** Each package is a program of test/cli/fixtures/hazards, by its name, and of one of the `lines`. */
export const hazards = [
  { hazard: 'colours and terminals are frozen', packages: ['chalk'] },
  { hazard: 'functions are chosen by the environment', packages: ['debug', 'semver'] },
  { hazard: 'continuous integration is detected', packages: ['ci-info'] },
  { hazard: 'the working folder is kept', packages: ['graceful-fs'] },
  { hazard: 'home, temporary and XDG folders are kept', packages: ['xdg-basedir', 'temp-dir'] },
  { hazard: 'processes share an identity', packages: ['cuid', 'bson'] },
  { hazard: 'arguments are shifted', packages: ['commander'] },
  { hazard: 'forks inherit the flags of node', packages: ['jest-worker'] },
  { hazard: 'the module cache, resolve and main are missing', packages: ['import-fresh', 'require-main-filename'] },
  { hazard: 'import() is called in baked code', packages: ['cosmiconfig'] },
  { hazard: 'there are two copies of one package', packages: ['graphql'] },
  { hazard: 'hooks are bypassed', packages: ['require-in-the-middle'] },
  {
    hazard: 'native handles are made at load',
    packages: ['proper-lockfile', 'ws', 'node-fetch', 'string-width', 'fast-levenshtein'],
  },
  { hazard: 'features are absent in a builder', packages: ['undici', 'builtin-modules', 'is-core-module', 'resolve'] },
  { hazard: 'stacks are read', packages: ['depd', 'bindings', 'callsites', 'bluebird'] },
  { hazard: 'the environment is copied, secrets included', packages: ['systeminformation'] },
] as const satisfies readonly { readonly hazard: string; readonly packages: readonly string[] }[];

/** Of one program: without the two that are built alone. */
export const hazardPackages: readonly string[] = hazards.flatMap(({ packages }) => [...packages]);

/** Starts threads, so on some versions of Node the whole program runs plain, as it should; no other is to suffer. */
const withThreads = 'jest-worker-threads';

/**
 * Replaces the inside of fs, below all that a launched program compares before it uses what was built: its training run
 * differs, which the build finds, and leaves the program plain.
 */
const belowFs = 'mock-fs';

/**
 * Programs that leave the process as they found it run together, in training and in each environment: what each prints is
 * compared all the same, in half the time. At most one of a line prints later than it is required.
 */
const lines: readonly string[] = [
  'chalk+debug+semver+ci-info+cuid+bson+commander+node-fetch',
  'xdg-basedir+temp-dir+string-width+fast-levenshtein+systeminformation+graphql',
  'builtin-modules+is-core-module+resolve',
  'undici',
  'ws',
  'require-main-filename+callsites+bindings+depd+cosmiconfig',
  'graceful-fs',
  'jest-worker',
  'import-fresh',
  'require-in-the-middle',
  'proper-lockfile',
  'bluebird',
];

/** What `snap build` exits with where accelerated runs differ from plain ones. */
const DIFFERS = 3;

/** Their programs print identifiers that no two runs may share, where they are asked to. */
const withIdentity: readonly string[] = ['cuid', 'bson'];

/** Clock times and durations in the lines of debug and depd. */
const mask: NonNullable<Case['mask']> = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT/g, 'TIME'],
  [/\+\d+m?s\b/g, '+N'],
];

/** In the environment of each build, and to be found in nothing that the build writes. */
const secret = 'hunter2-of-the-builder';

/** Copies the programs beside a link to the installed packages. */
export function hazardProgram(t: Test, corpusFolder: string): string {
  const folder = join(scratch(t, 'hazards'), 'program');
  mkdirSync(folder);
  cpSync(join(fixtures, 'hazards'), folder, { recursive: true });
  symlinkSync(join(corpusFolder, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Built with the secret, run without it. */
async function buildHazards(t: Test, node: TestNode, folder: string, file: string, train: readonly string[]) {
  const built = await build(t, node, { entry: join(folder, file), train, cwd: folder, env: { BUILD_TOKEN: secret } });
  const { BUILD_TOKEN: _, ...env } = built.env;
  return { ...built, env };
}

const everywhere = Object.keys(environments);

async function runIn(t: Test, target: Target, test: Case, name: string, labels = everywhere): Promise<void> {
  const terminal = hasTerminal(t);
  for (const label of labels) {
    const surroundings = environments[label];
    if (surroundings?.terminal !== undefined && !terminal) continue;
    await compare(t, target, { mask, ...test, ...surroundings }, `${name}: ${label}`);
  }
}

/** All packages through one build; and two that are built alone. */
export async function hazardsOn(name: NodeName): Promise<void> {
  t.setTimeout(1_400_000);
  const installed = corpus(t, 'hazards');
  if (installed === undefined) return;
  for (const node of nodes(t, [name])) {
    const folder = hazardProgram(t, installed);
    const target = await buildHazards(t, node, folder, 'combined.js', lines);
    t.same(lines.flatMap((line) => line.split('+')).sort(), [...hazardPackages].sort(), 'each package is in a line');
    for (const line of lines) {
      const names = line.split('+');
      const about = hazards.filter(({ packages }) => packages.some((name) => names.includes(name)));
      await t.test(about.map(({ hazard }) => hazard).join('; '), async (t) => {
        await runIn(t, target, { args: [line], cwd: folder }, line);
      });
    }
    await t.test('no identity is shared', async (t) => {
      for (const name of withIdentity) await checkIdentity(t, target, name);
    });
    await t.test('no secret is kept', async (t) => checkSecret(t, target));
    await t.test(withThreads, async (t) => {
      const threads = await buildHazards(t, node, folder, `${withThreads}.js`, ['run']);
      await runIn(t, threads, { args: ['run'], cwd: folder, path: 'either' }, withThreads);
    });
    await t.test(belowFs, async (t) => runWhateverItBecomes(t, target, folder, belowFs));
  }
}

/** A build that may end in a plain launcher, and says so. */
async function runWhateverItBecomes(t: Test, { node, env }: Target, folder: string, name: string): Promise<void> {
  const ground = scratch(t, name);
  const out = join(ground, 'artifact');
  const entry = join(folder, `${name}.js`);
  const { code } = await snap(node, buildArguments(node, out, 'cli', { entry, train: ['run'] }), ground, {
    cwd: folder,
  });
  t.ok(code === 0 || code === DIFFERS, `${name}: is built, or left plain for what its runs showed`, { code });
  const target = { node, env, entry, out, launcher: join(out, 'cli'), ground };
  await runIn(t, target, { args: ['run'], cwd: folder, path: 'either' }, name);
}

async function checkIdentity(t: Test, target: Target, name: string): Promise<void> {
  const seen = await Promise.all([1, 2].map(() => runAccelerated(target, { args: [name, 'value'] })));
  const [first, second] = seen.map(({ stdout }) => stdout.trim().split('\n').at(-1));
  t.match(first, /^\w+ \S+$/, `${name}: two identifiers`);
  t.not(first, second, `${name}: two runs make different identifiers`);
}

function checkSecret(t: Test, target: Target): void {
  const files = filesBelow(target.out);
  t.ok(
    files.some((file) => file.endsWith('app.blob')),
    'the snapshot is among the files',
  );
  const forms = [Buffer.from(secret), Buffer.from(secret, 'utf16le'), Buffer.from(secret).subarray(3)];
  const holding = files.filter((file) => {
    const bytes = readFileSync(join(target.out, file));
    return forms.some((form) => bytes.includes(form));
  });
  t.same(holding, [], 'no file of the artifact holds it');
}
