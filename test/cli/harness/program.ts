// The small program of the robustness cases: its text is a parameter, so that a changed source shows in the output.

import { join } from 'node:path';
import type { Test } from 'tap';
import { type BuildOptions, build, type Target } from './build.js';
import { type Files, write } from './files.js';
import type { TestNode } from './nodes.js';

export function programFiles(text: string): Files {
  return {
    'package.json': '{ "name": "program", "version": "1.0.0", "bin": { "program": "cli.js" } }',
    'cli.js': [
      '#!/usr/bin/env node',
      "'use strict';",
      "const pure = require('./lib/pure');",
      "const reader = require('./lib/reader');",
      "const data = require('./lib/data.json');",
      'const command = process.argv[2];',
      "console.log(pure.text, reader.text, data.text, require('dependency').text, process.argv.length);",
      "if (command === 'late') console.log(require('./lib/late').text);",
      "if (command === 'wait') {",
      "  console.log('ready');",
      "  process.stdin.once('data', () => { console.log(require('./lib/late').text); process.exit(0); });",
      '}',
      "if (command === 'throw') pure.fail();",
      '',
    ].join('\n'),
    'lib/pure.js': `'use strict';\nexports.text = 'pure ${text}';\nexports.fail = () => { throw new Error('${text}'); };\n`,
    'lib/reader.js': `'use strict';\nexports.text = 'reader ${text} ' + (process.env.NODE_ENV || 'none');\nexports.env = { ...process.env };\n`,
    'lib/late.js': `'use strict';\nconst found = process.env.HOME;\nexports.text = 'late ${text} ' + typeof found;\n`,
    'lib/data.json': `{ "text": "data ${text}" }`,
    'node_modules/dependency/package.json': '{ "name": "dependency", "version": "1.0.0", "main": "index.js" }',
    'node_modules/dependency/index.js': `'use strict';\nexports.text = 'dependency ${text}';\n`,
  };
}

/** Writes the program below `folder` and returns its entry. */
export function writeProgram(folder: string, text: string): string {
  write(folder, programFiles(text));
  return join(folder, 'cli.js');
}

export const programTraining = ['hello', 'late'];

export function buildProgram(
  t: Test,
  node: TestNode,
  folder: string,
  options: Omit<Partial<BuildOptions>, 'entry'> = {},
): Promise<Target> {
  return build(t, node, { train: programTraining, ...options, entry: join(folder, 'cli.js') });
}
