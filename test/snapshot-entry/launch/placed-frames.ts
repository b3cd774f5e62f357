// Stack traces through the functions that stand in for Node's own read as without them.
import t from 'tap';
import { nodeBinaries } from '../../target/harness/binaries.js';
import { framesAbove, framesOf, run, runThrough } from '../harness/programs.js';

const files = {
  'package.json': '{}',
  'main.js': `Error.stackTraceLimit = 50;
const stacks = [];
const keep = (work) => { try { work(); } catch (error) { stacks.push(error.stack); } };
keep(() => require('./throws.js'));
keep(() => {
    const of = require('./nested.js');
});
keep(() => require('no-such-package'));
keep(() => require.resolve('no-such-package'));
keep(() => require.resolve('no-such-package', { paths: [__dirname] }));
keep(() => require(''));
keep(() => require.resolve(undefined));
keep(() => require.resolve.paths(5));
stacks.push(require('./traces.js').stack);
process.stdout.write(JSON.stringify(stacks));
`,
  'throws.js': `'use strict';\n  throw new Error('at load');`,
  'nested.js': `exports.a = 1; require('./throws.js');`,
  'traces.js': `function inner() { return new Error('kept').stack; }\nexports.stack = inner();`,
};

for (const { major, path: node } of nodeBinaries()) {
  t.test(`node ${major}`, async (t) => {
    const main = `${t.testdir(files)}/main.js`;
    const plain = run(node, [main]);
    const placed = runThrough('placed', node, [JSON.stringify(framesOf(node)), main]);
    t.equal(placed.stderr, '');
    const expected = framesAbove('main.js', plain.stdout);
    t.equal(expected.length, 9);
    t.match(expected[0], /_compile \(node:internal/, 'the frames in question are there');
    t.same(framesAbove('main.js', placed.stdout), expected);
  });
}
