// The snapshot builder runs one script whose `require` knows built-ins only. A script of several files becomes one text:
// each compiled file as a function in a table, keyed by its path, relative requires resolved among them. The text is
// minified, since it may stay in a heap that every launch reads.
//
// Only for this package's own compiler output: its requires are plain literals.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { minifySync } from '@swc/core';

/** What the compiler begins each file with: nobody asks whether our own files were ES modules, or reads before they set. */
const PREAMBLE =
  /^(?:Object\.defineProperty\(exports, "__esModule", \{ value: true \}\)|(?:exports\.\w+ = )+void 0);\n/gm;
const RELATIVE_REQUIRE = /\brequire\("(\.[^"]+)"\)/g;

/** All files that `entry` requires by relative paths, itself last; dependencies first. */
function collect(entry: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(entry)) return found;
  const text = readFileSync(entry, 'utf8');
  found.set(entry, text);
  for (const [, request] of text.matchAll(RELATIVE_REQUIRE)) {
    collect(path.resolve(path.dirname(entry), request as string), found);
  }
  return found;
}

/** All files of the entry's folder and what they require: whatever another script may ask this one for is in it. */
function folderOf(entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const folder = path.dirname(entry);
  for (const name of readdirSync(folder)) if (name.endsWith('.cjs')) collect(path.join(folder, name), found);
  return found;
}

/**
 * One script of a compiled CommonJS file of ours and all that it requires by relative path. `host`: the entry of a script of a
 * folder, which calls this one with its own `require`; what is in that script is asked for there, and not in this one.
 */
export function bundleScript(entry: string, host?: string): string {
  const outside = host === undefined ? new Map() : folderOf(host);
  const asked = (file: string) => `./${path.relative(path.dirname(host ?? ''), file)}`;
  const bodies = [...collect(entry)].map(([file, text]): [string, string] =>
    outside.has(file) ? [file, `module.exports = builtin(${JSON.stringify(asked(file))});`] : [file, text],
  );
  return scriptOf(entry, new Map(bodies));
}

/** The same of all files in the entry's folder. */
export function bundleFolder(entry: string): string {
  return scriptOf(entry, folderOf(entry));
}

function scriptOf(entry: string, files: ReadonlyMap<string, string>): string {
  const root = path.dirname(entry);
  const key = (file: string) => JSON.stringify(path.relative(root, file).split(path.sep).join('/'));
  const table = [...files].map(
    ([file, text]) => `${key(file)}: function (exports, require, module) {${text.replace(PREAMBLE, '')}\n}`,
  );
  const text = `'use strict';
const builtin = require;
const made = {};
const files = {${table.join(',\n')}};
function load(key) {
  if (made[key]) return made[key].exports;
  const module = (made[key] = { exports: {} });
  files[key].call(module.exports, module.exports, (request) => request.startsWith('.') ? load(join(key, request)) : builtin(request), module);
  return module.exports;
}
function join(from, request) {
  const parts = from.split('/').slice(0, -1);
  for (const part of request.split('/')) {
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
load(${key(entry)});
`;
  return minifySync(text, { compress: true, mangle: true, module: false, ecma: 2022 }).code;
}
