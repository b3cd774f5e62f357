// The folders in which Node looks for a package last, whoever asks: `Module.globalPaths`, as a run of this node has them.
import path from 'node:path';

export function globalFolders(env: NodeJS.ProcessEnv, node: string): string[] {
  const { NODE_PATH: given = '', HOME: home = '' } = env;
  const homes = home === '' ? [] : [path.resolve(home, '.node_modules'), path.resolve(home, '.node_libraries')];
  return [...given.split(path.delimiter).filter(Boolean), ...homes, path.resolve(node, '..', '..', 'lib', 'node')];
}
