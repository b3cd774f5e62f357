// Runs small CommonJS programs on each installed node: plainly, or through the script beside this file that `name` says.
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoaderFrames } from '../../../snapshot-entry/shared/bake-plan.cjs';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
}

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const measure = fileURLToPath(new URL('../../../src/target/measure-script.cjs', import.meta.url));

/** Nothing of the tests' own environment reaches the program. */
const env = { PATH: process.env.PATH ?? '' };

export function framesOf(node: string): LoaderFrames {
  return JSON.parse(execFileSync(node, [measure], { encoding: 'utf8', env })).frames as LoaderFrames;
}

export function run(node: string, args: readonly string[], cwd = '/', more: NodeJS.ProcessEnv = {}): Ran {
  const options = { encoding: 'utf8', env: { ...env, ...more }, cwd, argv0: 'node' } as const;
  const { stdout, stderr, pid, error } = spawnSync(node, args, options);
  if (error !== undefined) throw error;
  return { stdout, stderr, pid };
}

export function runThrough(name: string, node: string, args: readonly string[]): Ran {
  return run(node, [script(name), ...args]);
}

/** The frames of each stack down to the first of the file `from`. */
export function framesAbove(from: string, stacks: string): string[] {
  return (JSON.parse(stacks) as string[]).map((stack) => {
    const lines = stack.split('\n');
    const end = lines.findIndex((line) => line.includes(`${path.sep}${from}:`));
    return lines.slice(0, end + 1).join('\n');
  });
}
