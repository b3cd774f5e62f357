// Programs that change the loader, built-ins or globals before they require what was baked: see lib/patches.js of the
// fixture. Baked modules must then behave as if loaded from source at that moment.

import type { Cases } from './behaviour.js';

const patches = [
  'nothing',
  'readFileSync',
  'readFileSyncOfSources',
  'stringTrim',
  'jsonStringify',
  'pathJoin',
  'setTimeout',
  'consoleLog',
  'reduce',
  'require',
  'load',
  'resolveFilename',
  'findPath',
  'extension',
  'requireExtensions',
  'jsonExtension',
  'compile',
  'wrap',
  'wrapper',
  'nodeEnv',
  'isTTY',
  'cwd',
  'stackTraceLimit',
  'prepareStackTrace',
  'objectPrototype',
  'fakeCache',
  'registerHooks',
  'globalPaths',
  'nodePath',
  'freezeMath',
];

/** The paths of lib/taken.js. */
const taken = [
  'global.structuredClone',
  'global.queueMicrotask',
  'global.Map',
  'Math.max',
  'JSON.parse',
  'Reflect.ownKeys',
  'Object.keys',
  'Object.prototype.hasOwnProperty',
  'Function.prototype.bind',
  'Array.isArray',
  'Array.prototype.slice',
  'String.raw',
  'String.prototype.replace',
  'Number.parseFloat',
  'RegExp.prototype.exec',
  'Map.prototype.get',
  'Promise.all',
  'Promise.prototype.then',
  'Symbol.for',
  'Error.captureStackTrace',
  'Buffer.from',
  'Buffer.prototype.slice',
  'console.error',
  'fs.existsSync',
  'fs.promises.readFile',
  'path.posix.join',
  'util.inspect',
  'util.types.isDate',
  'events.prototype.emit',
  'events.once',
  'url.fileURLToPath',
];

export const patchCases: Cases = {
  ...Object.fromEntries(
    patches.map((name) => [`before the first require: ${name}`, [{ args: [`before:${name}`, 'patched:show'] }]]),
  ),
  'built-ins replaced before who takes them loads': taken.map((path) => ({ args: ['taken:after', path] })),
};
