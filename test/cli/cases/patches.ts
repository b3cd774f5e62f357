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

export const patchCases: Cases = Object.fromEntries(
  patches.map((name) => [`before the first require: ${name}`, [{ args: [`before:${name}`, 'patched:show'] }]]),
);
