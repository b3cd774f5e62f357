import t from 'tap';
import { TraceError } from '../../src/trace/errors.js';
import { parseTrainingLine } from '../../src/trace/training-args.js';

const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['  --version  ', ['--version']],
  [`lint 'my file.js' "a b"c`, ['lint', 'my file.js', 'a bc']],
  [`'' ""`, ['', '']],
  [String.raw`a\ b \"x\" "\"q\" \n \$"`, ['a b', '"x"', String.raw`"q" \n $`]],
  [String.raw`'\' x`, ['\\', 'x']],
  [`--glob='**/*.js' $HOME`, ['--glob=**/*.js', '$HOME']],
  ['a\\\nb\tc', ['ab', 'c']],
];

for (const [line, words] of LINES) {
  t.test(`words of ${JSON.stringify(line)}`, async (t) => t.same(parseTrainingLine(line), words));
}

for (const line of [`'open`, `a "open`, `x\\`, `"a\\"`]) {
  t.test(`no words of ${line}`, async (t) => {
    t.throws(() => parseTrainingLine(line), { name: 'TraceError', code: 'TRACE_BAD_ARGS', path: line });
    t.throws(() => parseTrainingLine(line), TraceError);
  });
}
