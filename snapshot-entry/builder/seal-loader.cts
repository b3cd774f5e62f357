// What is sealed of Node's own module loader.
import fs = require('node:fs');

import { NodeModules } from '../launch/node-module.cjs';
import type { FixedSeal } from '../launch/seal.cjs';
import { SealMaker } from './seal-maker.cjs';

const SEALED_STATICS = [
  '_load',
  '_resolveFilename',
  '_resolveLookupPaths',
  '_findPath',
  '_nodeModulePaths',
  '_cache',
  '_extensions',
];

/** Of `a.min.js`: `.min.js` and `.js`. Node takes the handler of the longest one that has any. */
function extensionsOf(file: string): string[] {
  const [, ...parts] = file.slice(file.lastIndexOf('/') + 1).split('.');
  return parts.map((_part, i) => `.${parts.slice(i).join('.')}`);
}

/**
 * The parts of Node's loader that a `require` of the baked `files` passes through: another value there means that a program
 * hooks modules. A handler for other names is no hook.
 */
export function sealLoader(files: readonly string[]): FixedSeal {
  const seal = new SealMaker();
  for (const key of ['require', 'load', '_compile']) seal.add(NodeModules.prototype, key);
  for (const key of SEALED_STATICS) seal.add(NodeModules, key);
  for (const key of new Set(['.js', '.json', ...files.flatMap(extensionsOf)])) seal.add(NodeModules._extensions, key);
  for (const key of ['readFileSync', 'realpathSync']) seal.add(fs, key);
  // Accessors of Node's own: another wrapper changes what every module is compiled from.
  for (const key of ['wrap', 'wrapper']) seal.addReadable(NodeModules, key);
  for (const key of [0, 1]) seal.addReadable(NodeModules.wrapper, key);
  return seal.fixed();
}
