// Builds three command-line tools with `snap build` and times each plain and accelerated, side by side.
//
//   npm run demo
//
// Uses hyperfine where it is installed, else a simple loop of its own.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HyperfineError, hyperfineVersion, runHyperfine } from 'hyperfine-wrapper';
import { measuringEnvironment } from '../dist/src/perf/environment.js';
import { orderForRound } from '../dist/src/perf/rounds.js';
import { timeSpawns } from '../dist/src/perf/spawn-timer.js';
import { median } from '../dist/src/perf/statistics.js';
import { terminalTable } from '../dist/src/perf/table.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, '.cache', 'demo');
const pinned = join(root, 'node_modules', 'node-v24', 'bin', 'node');
const node = existsSync(pinned) ? pinned : process.execPath;

const programs = [
  { name: 'outline', entry: join(root, 'samples', 'commonjs', 'bin', 'outline.js') },
  { name: 'csv', entry: join(root, 'samples', 'yargs-cli', 'cli.js') },
  { name: 'eslint', entry: join(root, 'perf', 'corpus', 'eslint', 'node_modules', 'eslint', 'bin', 'eslint.js') },
];
const ROUNDS = 4;
const RUNS = 5;

const { env, removed } = measuringEnvironment(process.env);

// With the whole environment: npm may need what is taken out for measuring, certificates for one.
run(process.execPath, [join(root, 'test', 'install-corpus.mjs'), 'samples', 'eslint'], process.env);
const useHyperfine = await announce();
mkdirSync(out, { recursive: true });
const rows = [];
for (const program of programs) rows.push(await compareProgram(program));
console.log();
console.log(terminalTable(['--version of', 'plain ms', 'accelerated ms', 'ratio'], rows));

async function announce() {
  const version = await hyperfineVersion();
  console.log(`node ${run(node, ['--version']).trim()}, ${version ?? 'no hyperfine'}`);
  if (removed.length > 0) console.log(`taken out of the environment: ${removed.join(', ')}`);
  if (version === null) {
    console.log('hyperfine is not installed (apt-get install hyperfine): timing with a simple loop instead');
  }
  return version !== null;
}

async function compareProgram({ name, entry }) {
  const folder = join(out, name);
  console.log(`building ${name}`);
  build(entry, folder, name);
  const sides = [
    { name: 'plain', argv: [node, entry, '--version'] },
    { name: 'accelerated', argv: [join(folder, name), '--version'] },
  ];
  const times = { plain: [], accelerated: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of orderForRound(sides, round)) times[side.name].push(...(await timesOf(side)));
  }
  const plain = median(times.plain);
  const accelerated = median(times.accelerated);
  return [name, plain.toFixed(1), accelerated.toFixed(1), (accelerated / plain).toFixed(2)];
}

function build(entry, folder, name) {
  const snap = join(root, 'dist', 'src', 'cli', 'main.js');
  const args = [snap, 'build', entry, '--out', folder, '--name', name, '--node', node];
  const { status } = spawnSync(process.execPath, args, { env, stdio: 'inherit' });
  // 3: built, but nothing could be gained, so the launcher runs the program plainly; that can be timed as well.
  if (status !== 0 && status !== 3) throw new Error(`snap build ${entry} ended with exit code ${status}`);
}

async function timesOf(command) {
  if (!useHyperfine) return timeSpawns(command.argv, { warmup: 1, runs: RUNS, env });
  try {
    const [result] = await runHyperfine({ commands: [command], warmup: 1, runs: RUNS, env });
    return result.timesMs;
  } catch (error) {
    if (error instanceof HyperfineError) console.error(error.hint);
    throw error;
  }
}

function run(program, args, environment = env) {
  const { status, stdout, error } = spawnSync(program, args, {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} ended with exit code ${status}`);
  return stdout;
}
