// The Node versions under test, each with a folder that puts it on PATH as `node`.

import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { repository } from './places.js';

export const nodeNames = ['v20', 'v22', 'v24', 'v26'] as const;
export type NodeName = (typeof nodeNames)[number];

export interface TestNode {
  readonly name: NodeName;
  readonly major: number;
  /** The real path of the binary. */
  readonly binary: string;
}

/** SNAP_TEST_NODES_FROM has other releases of them (test/newest-nodes.mjs). */
const installed = process.env.SNAP_TEST_NODES_FROM ?? join(repository, 'node_modules');

/**
 * The nodes to test: those of `wanted` that are installed and that SNAP_TEST_NODES (`v24,v26`) does not leave out.
 * One that is not installed is said in the output: some machines cannot install every version.
 */
export function nodes(t: Test, wanted: readonly NodeName[] = nodeNames): TestNode[] {
  const chosen = process.env.SNAP_TEST_NODES?.split(',');
  return wanted.flatMap((name) => {
    if (chosen !== undefined && !chosen.includes(name)) return [];
    const binary = join(installed, `node-${name}`, 'bin', 'node');
    if (!existsSync(binary)) {
      t.comment(`SKIPPED: Node ${name} is not installed (${binary})`);
      return [];
    }
    return [{ name, major: Number(name.slice(1)), binary: realpathSync(binary) }];
  });
}

/** A folder below `parent` in which `node` is a link to `node`'s binary: the first entry of PATH in every run. */
export function pathFolder(parent: string, node: TestNode): string {
  const folder = join(parent, `path-${node.name}`);
  mkdirSync(folder, { recursive: true });
  const link = join(folder, 'node');
  if (!existsSync(link)) symlinkSync(node.binary, link);
  return folder;
}
