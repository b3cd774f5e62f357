// The environment as the user has it. pnpm starts commands by a shell script that puts folders of `snap`'s own packages into
// NODE_PATH; an artifact that is built under these would run plain wherever they are not set.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OWN_FILE = realpathSync(fileURLToPath(import.meta.url));

/** Without the folders that pnpm's script has put before the user's own. `file`: a real path, of the command's own code. */
export function userEnvironment(env: NodeJS.ProcessEnv, file = OWN_FILE): NodeJS.ProcessEnv {
  const { NODE_PATH: given } = env;
  if (given === undefined) return env;
  const folders = given.split(path.delimiter);
  const own = folders.findIndex((folder) => !isOfStore(folder, file));
  if (own === 0) return env;
  const { NODE_PATH: _given, ...others } = env;
  return own < 0 ? others : { ...others, NODE_PATH: folders.slice(own).join(path.delimiter) };
}

/** `…/node_modules/.pnpm/v8-snap@1.0.0/node_modules`, for a file in it; and what lies around that in pnpm's store. */
function isOfStore(folder: string, file: string): boolean {
  const around = path.dirname(folder) + path.sep;
  return (
    path.basename(folder) === 'node_modules' &&
    file.startsWith(around) &&
    around.includes(`${path.sep}.pnpm${path.sep}`)
  );
}
