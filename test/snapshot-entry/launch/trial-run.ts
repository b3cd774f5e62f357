// A trial run's script is run in the place of the program, and the program would see nothing of it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { trialEnvironment } from '../../../snapshot-entry/shared/trial-requests.cjs';
import { openBench } from '../../bake/harness/plans.js';
import { MAJORS } from '../../hazards/graph-of.js';
import { nodeBinaries } from '../../target/harness/binaries.js';

t.setTimeout(120_000);

/** Writes what a program would see, and what its children would. */
const SCRIPT = `
const { execFileSync } = require('node:child_process');
const { env, argv, execArgv } = process;
const child = JSON.parse(execFileSync('/usr/bin/env', [process.execPath, '-p', 'JSON.stringify(process.env)']));
const own = { ...env, child, argv: argv.slice(1), execArgv, globals: Object.keys(globalThis).includes('trial') };
require('node:fs').writeFileSync(trial.request.out, JSON.stringify(own));
`;

async function runs(t: Test, major: number): Promise<void> {
  const bench = await openBench(t, major);
  const node = nodeBinaries().find((binary) => binary.major === major)?.path;
  if (bench === undefined || node === undefined) return;
  const plan = bench.plan({ 'fine.js': 'exports.a = 1;' });
  const outcome = await bench.builder.build(plan);
  if (outcome.kind !== 'built') throw new Error(JSON.stringify(outcome));
  const folder = path.dirname(bench.file('trial.js'));
  const [script, out] = [path.join(folder, 'trial.js'), path.join(folder, 'out.json')];
  writeFileSync(script, SCRIPT);
  const env = { PATH: '/usr/bin', HOME: folder };
  const args = [plan.entry, '--word'];
  execFileSync(node, args, { env: trialEnvironment(env, { blob: outcome.blob, script, out }), cwd: folder });
  const { child, ...seen } = JSON.parse(readFileSync(out, 'utf8'));
  t.same(seen, { ...env, argv: args, execArgv: [], globals: false });
  t.notMatch(Object.keys(child).join(), /NODE_OPTIONS|SNAP/);
}

for (const major of MAJORS) await t.test(`Node ${major}`, (t) => runs(t, major));
