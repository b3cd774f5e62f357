// Status of files without the object that `fs.statSync` makes of Node's answer, which takes twice as long as the answer; a
// launch asks for hundreds. This is what `fs` itself calls, tested on each Node version. Were it to answer otherwise on
// another one, no stamp would hold, and runs would be plain.
import type { Look } from '../shared/facts.cjs';
import type { BindingAccess } from './native-bindings.cjs';

type Stat = (
  file: string,
  isBigint: boolean,
  request: undefined,
  throwsIfNone: boolean,
) => ArrayLike<number> | undefined;

export function quickLook({ binding }: Pick<BindingAccess, 'binding'>): Look {
  const stat = binding('fs').stat as Stat;
  return (file) => {
    const found = stat(file, false, undefined, false);
    if (found === undefined) return undefined;
    const { 1: mode = 0, 8: size = 0, 12: seconds = 0, 13: nanoseconds = 0 } = found;
    return { mode, size, mtimeMs: seconds * 1e3 + nanoseconds / 1e6 };
  };
}
