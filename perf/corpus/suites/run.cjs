// The own test suites of packages that publish them, in one process: all that take part, or those that are named.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** By package: its test files, where those that are published alone cannot all run. */
const suites = {
  'call-bind': null,
  'call-bound': null,
  'concat-map': null,
  'deep-equal': null,
  'deep-is': null,
  defined: null,
  'fast-json-stable-stringify': null,
  'fast-uri': null,
  'function-bind': null,
  'has-symbols': ['index'],
  'json-stable-stringify': null,
  'math-intrinsics': null,
  minimist: null,
  'object-inspect': null,
  'path-browserify': ['index'],
  qs: null,
  resolve: [
    'core',
    'default_paths',
    'dotdot',
    'faulty_basedir',
    'filter',
    'filter_sync',
    'home_paths',
    'home_paths_sync',
    'homedir',
    'mock',
    'mock_sync',
    'module_dir',
    'node-modules-paths',
    'nonstring',
    'precedence',
    'shadowed_core',
  ],
  'side-channel': null,
  through: ['auto-destroy', 'buffering', 'end'],
};

const asked = process.argv.slice(2);
for (const [name, files] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const folder = path.join(__dirname, 'node_modules', name, 'test');
  const all =
    files ??
    fs
      .readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .sort();
  for (const file of all) require(path.join(folder, file));
}
