// The snapshot builder runs one script whose `require` knows built-ins only. A script of several files becomes one text:
// each compiled file as a function in a table, keyed by its path, relative requires resolved among them. The text stays in
// the heap, so it is minified.
import { readFileSync } from 'node:fs';
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

/**
 * One script from a compiled CommonJS file of ours and all that it requires by relative path.
 * Only for this package's own compiler output: its requires are plain literals.
 */
export function bundleScript(entry: string): string {
  const files = collect(entry);
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
