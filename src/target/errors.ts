// Why nothing can be built for a node binary.
import { SnapError } from '../errors/snap-error.js';

export type NodeErrorCode = 'NODE_MISSING' | 'NODE_UNUSABLE' | 'NODE_TOO_OLD' | 'NODE_NO_SNAPSHOT';

const CATALOGUE: Record<NodeErrorCode, { readonly what: string; readonly hint: string }> = {
  NODE_MISSING: {
    what: 'there is no node binary at',
    hint: 'give the path of a node binary: --node "$(command -v node)"',
  },
  NODE_UNUSABLE: {
    what: 'this is not a node binary that runs here:',
    hint: 'run it with --version to see what is wrong, or give another one with --node PATH',
  },
  NODE_TOO_OLD: { what: 'this node is too old:', hint: 'use Node 20.19 or later: --node PATH' },
  NODE_NO_SNAPSHOT: {
    what: 'this node cannot build or boot a startup snapshot:',
    hint: 'use an official build of Node 20.19 or later: --node PATH',
  },
};

export function nodeError(code: NodeErrorCode, path: string, cause: unknown): SnapError<NodeErrorCode> {
  const { what, hint } = CATALOGUE[code];
  return new SnapError({ code, message: `${what} ${path}`, hint, path }, cause);
}
