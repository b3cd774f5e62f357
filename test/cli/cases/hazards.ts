// Small programs over packages that are known to freeze what they must not: built in one environment, run in ten others.

import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { build, type Target } from '../harness/build.js';
import { type Case, compare, runAccelerated } from '../harness/compare.js';
import type { TestNode } from '../harness/nodes.js';
import { fixtures, scratch } from '../harness/places.js';

export const hazardPackages = [
  'chalk',
  'debug',
  'ci-info',
  'graceful-fs',
  'xdg-basedir',
  'cuid',
  'import-fresh',
  'cosmiconfig',
  'require-in-the-middle',
  'proper-lockfile',
  'fast-levenshtein',
  'is-core-module',
  'depd',
  'bindings',
  'jest-worker',
] as const;

/** Starts workers, so on some versions of Node the whole program runs plain, as it should; no other is to suffer. */
const withWorkers = 'jest-worker';

/** Clock times and durations in the lines of debug and depd. */
const mask: NonNullable<Case['mask']> = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT/g, 'TIME'],
  [/\+\d+m?s\b/g, '+N'],
];

const elsewhere = { HOME: '/nowhere', XDG_CONFIG_HOME: '/nowhere/config', XDG_CACHE_HOME: '/nowhere/cache' };

/** The launch environments. The build has none of these variables, pipes for streams, and another folder. */
export const environments: Readonly<Record<string, Partial<Case>>> = {
  'as built': {},
  'FORCE_COLOR=3': { env: { FORCE_COLOR: '3' } },
  NO_COLOR: { env: { NO_COLOR: '1', COLORTERM: 'truecolor' } },
  'DEBUG=*': { env: { DEBUG: '*', NODE_DEBUG: '' } },
  CI: { env: { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' } },
  'NODE_ENV=production': { env: { NODE_ENV: 'production', NO_DEPRECATION: 'hazard' } },
  'another HOME': { env: elsewhere },
  'another cwd': { cwd: '/usr' },
  'TZ and LANG': { env: { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8' } },
  'a terminal': { terminal: {} },
  'a dumb terminal, a debugged one': {
    terminal: { columns: 40 },
    env: { TERM: 'dumb', DEBUG: 'app:*', DEBUG_COLORS: '1' },
  },
};

/** What the nodes run that have all packages in one program: the rest differs in no way that depends on the node. */
const fewEnvironments = ['as built', 'FORCE_COLOR=3', 'DEBUG=*', 'another HOME', 'a terminal'];

/** Copies the programs beside a link to the installed packages. */
export function hazardProgram(t: Test, corpusFolder: string): string {
  const folder = join(scratch(t, 'hazards'), 'program');
  mkdirSync(folder);
  cpSync(join(fixtures, 'hazards'), folder, { recursive: true });
  symlinkSync(join(corpusFolder, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const everyEnvironment = Object.keys(environments);

export async function runHazard(
  t: Test,
  node: TestNode,
  folder: string,
  name: string,
  labels: readonly string[] = everyEnvironment,
): Promise<void> {
  const target = await build(t, node, { entry: join(folder, `${name}.js`), train: ['run'], cwd: folder });
  const path = name === withWorkers ? 'either' : 'accelerated';
  for (const label of labels) {
    await compare(t, target, { args: ['run'], cwd: folder, mask, path, ...environments[label] }, `${name}: ${label}`);
  }
  if (name === 'cuid') await checkIdentity(t, target);
}

/** All programs through one build, but for the one with workers; they are run one by one. */
export async function runCombined(t: Test, node: TestNode, folder: string): Promise<void> {
  const names = hazardPackages.filter((name) => name !== withWorkers);
  const target = await build(t, node, { entry: join(folder, 'combined.js'), train: names, cwd: folder });
  for (const name of names) {
    for (const label of fewEnvironments) {
      await compare(t, target, { args: [name], cwd: folder, mask, ...environments[label] }, `${name}: ${label}`);
    }
  }
  await runHazard(t, node, folder, withWorkers, fewEnvironments);
}

async function checkIdentity(t: Test, target: Target): Promise<void> {
  const values = await Promise.all([1, 2].map(() => runAccelerated(target, { args: ['value'] })));
  const lines = values.map((seen) => seen.stdout.trim().split('\n')[1]);
  t.not(lines[0], lines[1], 'two runs make different identifiers');
}
