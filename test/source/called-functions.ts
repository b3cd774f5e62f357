// Functions keep their lines and columns in a text that is baked, not their offsets.
import t from 'tap';
import { rangesInBaked } from '../../src/source/called-functions.js';

const PART = 'function part() {}';

function rangeOf(text: string): number[] {
  return [text.indexOf(PART), text.indexOf(PART) + PART.length];
}

function found(text: string, baked: string, columnOffset?: number): string[] {
  const [start, end] = rangesInBaked(text, rangeOf(text), baked, columnOffset);
  return start === undefined ? [] : [baked.slice(start, end)];
}

t.test('ranges follow their tokens', async (t) => {
  t.same(found(`// comment\n${PART}`, `\n${PART}`), [PART], 'a comment is gone');
  t.same(
    found(`const x = 1;\r\n  ${PART}`, `let x;defer(0,(function(){(x = 1)}));\r\n  ${PART}`),
    [PART],
    'a line has grown',
  );
  t.same(found(`a();\u2028${PART}\n`, `bb();\u2028${PART}\n`), [PART], 'lines as V8 counts them');
  t.same(found(`x = require('y');\n${PART}`, `x = require('y');\n${PART}`), [PART], 'nothing has changed');
  t.same(
    found(`1; ${PART}`, `defer(); 1; ${PART}`, -'defer(); '.length),
    [PART],
    'something stands before the first line',
  );
});

t.test('what is not there is left out', async (t) => {
  t.same(found(`\n\n${PART}`, '\n'), []);
  t.same(found(`\n\n${PART}`, `\n\nfunction`), []);
  t.same(rangesInBaked('a', [], 'a'), []);
});
