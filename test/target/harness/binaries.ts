import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import t from 'tap';
import { MAJORS } from '../../../src/target/facts-table.cjs';

export interface NodeBinary {
  readonly major: number;
  readonly path: string;
  readonly version: string;
}

function locate(major: number): string | undefined {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve(`node-v${major}/package.json`)), 'bin', 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined; // not installed: the caller reports it
  }
}

/** The real node binaries of the majors in the table; a missing one is a visible comment, not a silent gap. */
export function nodeBinaries(): NodeBinary[] {
  const found: NodeBinary[] = [];
  for (const major of MAJORS) {
    const path = locate(major);
    if (path === undefined) t.comment(`SKIPPED: Node ${major} is not installed (npm package node-v${major})`);
    else found.push({ major, path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() });
  }
  return found;
}

/** The environment of the tests without what would change a node's start. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_|TAP|SNAP_)/.test(name));
  return Object.fromEntries(kept);
}
