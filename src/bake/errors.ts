// Why nothing could be baked. A module that cannot be baked is no error: it is packed.
import { SnapError } from '../errors/snap-error.js';

export type BakeErrorCode = 'BAKE_EMPTY_FAILED' | 'BAKE_UNPROVABLE';

export function bakeFailed(node: string, detail: string): SnapError<BakeErrorCode> {
  return new SnapError({
    code: 'BAKE_EMPTY_FAILED',
    message: `${node} fails to build a snapshot even without any module of the program: ${detail}`,
    hint: 'check that the temporary folder has room, or use another node with --node PATH',
    path: node,
  });
}

export function bakeUnprovable(node: string, detail: string): SnapError<BakeErrorCode> {
  return new SnapError({
    code: 'BAKE_UNPROVABLE',
    message: `the snapshots that ${node} builds of nothing are not alike (${detail}), so nothing can be proven with it`,
    hint: 'use an official build of Node with --node PATH',
    path: node,
  });
}
