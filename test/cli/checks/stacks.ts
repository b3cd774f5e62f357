// The only normalisation that hides a difference of stacks: it must hide frames below the entry's, and no other.

import t from 'tap';
import { withoutFramesBelow } from '../harness/stacks.js';

const entry = '/p/cli.js';
const stack = (...frames: string[]): string =>
  ['Error: x', ...frames.map((frame) => `    at ${frame}`), 'after'].join('\n');
const trim = (text: string): string => withoutFramesBelow(entry, text);
const own = ['f (/p/lib.js:1:2)', 'Object.<anonymous> (/p/cli.js:3:4)'];
const below = ['Module._compile (node:internal/modules/cjs/loader:1:2)', 'node:internal/main/run_main_module:3:4'];

t.test('frames below the entry are taken out, whichever they are', async (t) => {
  t.equal(trim(stack(...own, ...below)), trim(stack(...own, 'main (node:embedder_main:1:1)')));
  t.notMatch(trim(stack(...own, ...below)), 'run_main_module');
});

t.test('frames above it are kept', async (t) => {
  t.not(
    trim(stack(...own, ...below)),
    trim(stack('f (/p/lib.js:1:3)', 'Object.<anonymous> (/p/cli.js:3:4)', ...below)),
  );
  t.not(trim(stack(...own, ...below)), trim(stack('require (/p/ours.js:1:1)', ...own, ...below)));
});

t.test('a stack without the entry is kept as it is', async (t) => {
  t.equal(trim(stack(...below)), stack(...below));
});

t.test('properties after a stack are kept', async (t) => {
  const shown = stack(...own, ...below).replace('3:4\nafter', "3:4 {\n  code: 'E'\n}");
  t.match(trim(shown), /\{\n {2}code: 'E'\n\}$/);
});

t.test('coloured frames are frames', async (t) => {
  const coloured = stack(...own, ...below).replaceAll(/^( {4}at .*node:.*)$/gm, '\u001b[90m$1\u001b[39m');
  t.notMatch(trim(coloured), 'run_main_module');
});

t.test('a folder with a newline in its name', async (t) => {
  const odd = '/p\nq/cli.js';
  const at = (...frames: string[]): string => withoutFramesBelow(odd, stack(...frames));
  const own = [`f (/p\nq/lib.js:1:2)`, `Object.<anonymous> (${odd}:3:4)`];
  t.equal(at(...own, ...below), at(...own, 'main (node:embedder_main:1:1)'));
  t.not(at(...own, ...below), at('f (/p\nq/lib.js:1:3)', own[1] ?? '', ...below));
});
