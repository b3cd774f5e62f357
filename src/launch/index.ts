export { LaunchError, type LaunchErrorCode } from './errors.js';
export { renderLauncher } from './render.js';
export { checksumOf, writeStamps } from './stamps.js';
export {
  artifactFiles,
  type LauncherNode,
  type LauncherShell,
  type LauncherSpec,
  type TerminalWorld,
  terminalFolder,
} from './types.js';
export { identifyNode, writeLauncher } from './write.js';
