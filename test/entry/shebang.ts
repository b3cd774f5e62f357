import t from 'tap';
import { readShebang } from '../../src/entry/shebang.js';

const node = (flags: string[] = [], interpreter = 'node') => ({ interpreter, isNode: true, flags });

for (const [line, expected] of [
  ['#!/usr/bin/env node', node()],
  ['#! /usr/bin/env  node ', node()],
  ['#!/usr/bin/env\tnode', node()],
  ['#!/bin/env node', node()],
  ['#!/usr/bin/env -S node --no-warnings --stack-size=2000', node(['--no-warnings', '--stack-size=2000'])],
  ['#!/usr/bin/env --split-string node --no-warnings', node(['--no-warnings'])],
  ['#!/usr/bin/env -Snode --no-warnings', node(['--no-warnings'])],
  ['#!/usr/bin/env --split-string=node --no-warnings', node(['--no-warnings'])],
  ['#!/usr/bin/env -S NODE_ENV=x A_1=y node --no-warnings', node(['--no-warnings'])],
  ['#!/usr/local/bin/node', node([], '/usr/local/bin/node')],
  ['#!/usr/local/bin/node --no-warnings', node(['--no-warnings'], '/usr/local/bin/node')],
  ['#!/usr/bin/env nodejs', node([], 'nodejs')],
  ['#!/bin/sh', { interpreter: '/bin/sh', isNode: false, flags: [] }],
  ['#!/bin/sh -e', { interpreter: '/bin/sh', isNode: false, flags: [] }],
  ['#!/usr/bin/env python3', { interpreter: 'python3', isNode: false, flags: [] }],
  ['#!/usr/bin/env -S deno run', { interpreter: 'deno', isNode: false, flags: [] }],
  ['#!/usr/bin/env ts-node', { interpreter: 'ts-node', isNode: false, flags: [] }],
  ['#!/opt/node/bin/python', { interpreter: '/opt/node/bin/python', isNode: false, flags: [] }],
  ['#!', { interpreter: '', isNode: false, flags: [] }],
] as const) {
  t.test(line, async (t) => {
    t.same(readShebang(line), expected);
    t.same(readShebang(`${line}\nnext(line);`), expected);
    t.same(readShebang(`${line}\r\nnext(line);`), expected, 'the line may end as on Windows');
  });
}

t.test('a text without one', async (t) => {
  for (const text of ['', 'use();', '\n#!/usr/bin/env node', ' #!/usr/bin/env node', '//#!/bin/sh', '#x']) {
    t.equal(readShebang(text), null, JSON.stringify(text));
  }
});
