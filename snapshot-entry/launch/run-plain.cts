// Going plain after boot: the sources are not what was built, or the artifact's files do not belong together.
import type { NodeModule } from './node-module.cjs';
import { NodeModules } from './node-module.cjs';

type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/**
 * Replaces this process by plain Node where Node can (`process.execve`, 22.15+). Otherwise Node's own loader runs the
 * entry right here: sound because no baked module is in `Module._cache`, and none wrote anything shared while baking.
 */
export function runPlain(entry: string, nodeFlags: readonly string[]): void {
  const { execve } = process as unknown as { execve?: Execve };
  if (execve !== undefined) {
    execve(process.execPath, [process.argv0, ...nodeFlags, ...process.argv.slice(1)], process.env);
  }
  NodeModules._load(entry, null as NodeModule | null, true);
}
