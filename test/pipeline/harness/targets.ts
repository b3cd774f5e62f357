// What is built, and for which node, where neither is there.
import type { LoaderFrame, LoaderFrames } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { Entry } from '../../../src/entry/resolve-entry.js';
import type { Target } from '../../../src/pipeline/assemble.js';
import type { NodeBinary } from '../../../src/target/measure.js';

const frame: LoaderFrame = { name: 'f', file: 'node:internal', line: 1, column: 1 };
const frames: LoaderFrames = {
  require: frame,
  resolve: [frame],
  checks: { resolve: frame, paths: frame },
  extension: frame,
  compile: frame,
};

export const someNode: NodeBinary = {
  path: '/usr/bin/node',
  version: 'v24.1.0',
  major: 24,
  arch: 'x64',
  platform: 'linux',
  v8Tag: 7,
  bytes: 1,
  mtimeMs: 1,
  inode: 1,
  frames,
  workersSurvive: true,
  remakesNotes: false,
};

export function targetOf(entry: Partial<Entry> = {}): Target {
  const common = { file: '/app/cli.js', argv1: '/bin/cli', name: 'cli', nodeFlags: [], format: 'commonjs' } as const;
  return { entry: { ...common, ...entry }, name: common.name, node: someNode, isPinned: true, nodePath: '' };
}
