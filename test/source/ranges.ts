// What the rewriter is handed: offsets, kept with the facts as plain data, that fit the text and nothing else.
import t from 'tap';
import { instrument } from '../../src/source/instrument.js';
import { rangesIn } from '../../src/source/ranges.js';
import { rewrite } from '../../src/source/rewrite.js';
import { moduleText } from '../../src/source/source-text.js';
import { rewrite as withComments } from './harness/texts.js';

const SOURCE = `// one
'use strict';

// two
const { a, b: [c] } = require('x'); // three
/* four */
var d = a.d,
  // five
  e = 1;

// six
require('y')

let f = d;
// seven
function g() { /* eight */ }
`;

const { facts } = instrument(SOURCE);
const all = new Set(facts.candidates.map(({ index }) => index));

t.test('each candidate has its range', async (t) => {
  t.same(
    facts.ranges.statements.map(({ index }) => index),
    [...all],
  );
  const shown = facts.ranges.statements.map(({ before, keyword, end, names, line }) => {
    const [from, word] = keyword === undefined ? [before, ''] : [keyword.at, keyword.word];
    return [line, names.join(), word, SOURCE.slice(from, end).split('\n').at(-1)?.trim()];
  });
  t.same(shown, [
    [5, 'a,c', 'const', "const { a, b: [c] } = require('x')"],
    [7, 'd,e', 'var', 'e = 1'],
    [12, '', '', "require('y')"],
    [14, 'f', 'let', 'let f = d'],
  ]);
});

t.test('they are plain data', async (t) => {
  t.same(JSON.parse(JSON.stringify(facts)), facts);
});

t.test('comments and statements are taken out in one pass', async (t) => {
  const { comments } = facts.ranges;
  const lines = comments.flatMap((at, index) => (index % 2 === 0 ? [SOURCE.slice(at, comments[index + 1])] : []));
  t.same(lines, ['// one', '// two', '/* four */', '  // five', '// six', '// seven']);
  const none = rewrite(SOURCE, facts.ranges, new Set()).text;
  t.equal(none, SOURCE.replace(/^(?: *\/\/ (?:one|two|five|six|seven)|\/\* four \*\/)$/gm, ''));
  // What stands before a deferred statement, or in it, is in a function now.
  const left = (deferred: ReadonlySet<number>) =>
    [...rewrite(SOURCE, facts.ranges, deferred).text.matchAll(/one|two|three|four|five|six|seven|eight/g)].map(String);
  t.same(left(new Set()), ['three', 'eight']);
  t.same(left(all), ['two', 'three', 'four', 'five', 'six', 'eight']);
  t.same(left(new Set([2])), ['three', 'four', 'five', 'eight']);
});

t.test('of both kinds of candidates the ranges are the same', async (t) => {
  const relaxed = instrument(SOURCE, { relaxedColumns: true }).facts.ranges;
  for (const range of facts.ranges.statements)
    t.same(
      relaxed.statements.find(({ index }) => index === range.index),
      range,
    );
  t.equal(withComments(SOURCE, all).columnOffset, rewrite(SOURCE, facts.ranges, all).columnOffset);
});

t.test('a byte order mark, which is not baked, moves nothing', async (t) => {
  for (const source of [SOURCE, "#!/usr/bin/env node\nconst a = require('a');", "const a = require('a');\n// c"]) {
    const marked = instrument(`\uFEFF${source}`).facts;
    t.same(marked.ranges, instrument(source).facts.ranges, source);
    t.equal(rangesIn(moduleText(source), marked), marked.ranges, 'and no other text is parsed');
  }
});

t.test('the ranges of another text are not taken', async (t) => {
  const changed = SOURCE.replace('// two', '// 2');
  t.equal(rangesIn(SOURCE, facts), facts.ranges);
  t.same(rangesIn(changed, facts), rangesIn(changed));
  t.not(rangesIn(changed, facts).sha256, facts.ranges.sha256);
  t.same(rangesIn('('.repeat(100_000)), { sha256: '', statements: [], comments: [] });
});
