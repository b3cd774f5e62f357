// Which functions a training run called.
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { nodeBinaries } from '../target/harness/binaries.js';
import { traced } from './harness/programs.js';

const PROGRAM = {
  'package.json': '{}',
  'cli.js': `const part = require('./part'); part.asked(process.argv[2]); setImmediate(part.late);`,
  'part.js': `exports.asked = function asked(word) { return word === 'b' ? onlyB() : 1; };
function onlyB() { return 2; }
exports.late = () => 3;
exports.never = function never() { return 4; };
(function atLoad() {})();`,
};

async function calledIn(folder: string, name: string, node: string, options: Parameters<typeof traced>[2]) {
  const file = join(folder, name);
  const { modules } = await traced(folder, node, options);
  const called = modules.find((module) => module.file === file)?.called;
  const text = readFileSync(file, 'utf8');
  const ends = called?.filter((_offset, at) => at % 2 === 1);
  const texts = ends?.map((end, at) => text.slice(called?.[2 * at], end));
  return texts
    ?.filter((one) => one !== text)
    .map((one) => /\w+(?=\()|\(\) => \d/.exec(one)?.[0])
    .sort();
}

for (const { path, major } of nodeBinaries()) {
  t.test(`the functions that any line called are known (Node ${major})`, async (t) => {
    const folder = realpathSync(t.testdir(PROGRAM));
    const all = ['() => 3', 'asked', 'atLoad', 'onlyB'];
    t.same(await calledIn(folder, 'part.js', path, { lines: [['a'], ['b']] }), all);
    t.same(await calledIn(folder, 'part.js', path, { lines: [['a']] }), all.slice(0, 3));
  });
}
