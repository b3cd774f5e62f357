// Which statement reads what others share: one that may be deferred is named, for it may read when its module is used.
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { graphOf, nodeFor, programOf } from './graph-of.js';

/** Lines of a module, and its reads of `node:path`: a member, `@` and the index of the statement. */
const cases: Readonly<Record<string, readonly [source: readonly string[], reads: readonly string[]]>> = {
  'a member of what is required': [["const path = require('path');", 'const x = path.sep;'], ['sep@1']],
  destructured: [["const { sep, delimiter } = require('path');"], ['sep@0', 'delimiter@0']],
  'at once': [["var x = require('node:path').sep;"], ['sep@0']],
  'what cannot wait': [["exports.x = require('path').sep;"], ['sep']],
  'an expression between statements': [
    ["const path = require('path');", 'const x = 1;', 'exports.x = path.sep;', 'const y = path.delimiter;'],
    ['sep', 'delimiter@3'],
  ],
  'both, once each': [
    [
      "const path = require('path');",
      'const x = path.sep, y = path.sep;',
      'exports.x = path.sep;',
      'exports.y = path.sep;',
    ],
    ['sep@1', 'sep'],
  ],
  'two statements': [
    ["const path = require('path');", 'const x = path.sep;', 'const y = path.sep;'],
    ['sep@1', 'sep@2'],
  ],
  'behind a directive': [["'use strict';", "const { sep } = require('path');"], ['sep@1']],
  'a block': [["{ const { sep } = require('path'); exports.sep = sep; }"], ['sep']],
  'a function that is called at load': [
    ["const path = require('path');", 'exports.f = () => path.sep;', 'exports.x = exports.f();'],
    ['sep'],
  ],
  'a function that is called later': [["const path = require('path');", 'exports.f = () => path.sep;'], []],
  'a function of another module': [["const x = require('./lib/function')('y');"], ['sep@0']],
  'what the statement loads reads for itself': [["const x = require('./lib/reads');"], []],
  'and then the statement': [
    ["const path = require('path');", "const x = require('./lib/reads'), y = path.delimiter;"],
    ['delimiter@1'],
  ],
  'after a statement that has thrown in another module': [
    ["try { require('./lib/throws'); } catch {}", "require('./lib/after'); exports.x = require('path').sep;"],
    ['sep'],
  ],
};

const library = {
  'lib/function.js': "const path = require('path');\nmodule.exports = () => path.sep;",
  'lib/reads.js': "exports.x = require('path').sep;\nconst { delimiter } = require('path');\nexports.y = delimiter;",
  'lib/after.js': "exports.x = require('path').sep;",
  'lib/throws.js': "const x = require('path').sep.missing.member;",
};

t.test('reads by statement', async (t) => {
  const named = Object.values(cases).map(([lines], index) => [`case${index}.js`, lines.join('\n')]);
  const program = programOf({ ...Object.fromEntries(named), ...library });
  t.teardown(() => program.remove());
  const node = nodeFor(24);
  const graph = graphOf(program.entry, node.path);
  const { analysis } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
  const readsOf = (file: string) =>
    analysis.reads
      .filter(({ module, owner }) => basename(module) === file && owner === 'node:path')
      .map(({ member, statement }) => (statement === undefined ? member : `${member}@${statement}`));
  Object.entries(cases).forEach(([name, [, reads]], index) => {
    t.same(readsOf(`case${index}.js`), reads, name);
  });
  t.same(readsOf('reads.js'), ['sep', 'delimiter@1'], 'a module that is loaded by a statement');
  t.same(readsOf('throws.js'), ['sep@0'], 'and one that does not end');
  t.same(readsOf('after.js'), ['sep'], 'and one that is loaded after that one');
});
