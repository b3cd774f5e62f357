import { createRequire } from 'node:module';
import vm from 'node:vm';
import t from 'tap';
import { bundleFolder, bundleScript } from '../../src/target/bundle-script.js';

/** Runs a bundle as the snapshot builder does: its `require` knows built-ins only. `inner`: a script that it runs. */
function run(script: string, inner = ''): unknown[] {
  const told: unknown[] = [];
  const require = createRequire(import.meta.url);
  const builtinsOnly = (name: string) => {
    if (!name.startsWith('node:')) throw new Error(`the builder has no ${name}`);
    return require(name);
  };
  const tell = (what: unknown) => told.push(what);
  const runInner = (own: unknown) => vm.compileFunction(inner, ['require', 'tell'])(own, tell);
  vm.compileFunction(script, ['require', 'tell', 'run'])(builtinsOnly, tell, runInner);
  return told;
}

t.test('relative requires are resolved within the script, built-ins outside', async (t) => {
  const dir = t.testdir({
    'main.cjs': `const { name } = require("./lib/a.cjs"); tell(name); tell(require("node:path").posix.sep);`,
    lib: { 'a.cjs': `exports.name = "a of " + require("../b.cjs").name;` },
    'b.cjs': `exports.name = "b";`,
  });
  t.same(run(bundleScript(`${dir}/main.cjs`)), ['a of b', '/']);
});

t.test('a file is evaluated once, and a cycle sees what is there', async (t) => {
  const dir = t.testdir({
    'main.cjs': `require("./a.cjs"); tell(require("./b.cjs") === require("./b.cjs"));`,
    'a.cjs': `exports.early = 1; tell("a"); require("./b.cjs"); exports.late = 1;`,
    'b.cjs': `tell(Object.keys(require("./a.cjs")));`,
  });
  t.same(run(bundleScript(`${dir}/main.cjs`)), ['a', ['early'], true]);
});

t.test('files above the entry keep apart from those beside it', async (t) => {
  const dir = t.testdir({
    'same.cjs': `exports.at = "above";`,
    deep: {
      'main.cjs': `tell(require("../same.cjs").at); tell(require("./same.cjs").at);`,
      'same.cjs': `exports.at = "beside";`,
    },
  });
  t.same(run(bundleScript(`${dir}/deep/main.cjs`)), ['above', 'beside']);
});

t.test('text that looks like a template or holds a comment at its end survives', async (t) => {
  const dir = t.testdir({ 'main.cjs': "tell('$& $1 `\\\\') // the end" });
  t.same(run(bundleScript(`${dir}/main.cjs`)), ['$& $1 `\\']);
});

t.test('a script that another one runs has what is in that one from there, and nothing of it itself', async (t) => {
  const dir = t.testdir({
    kept: {
      'entry.cjs': `tell("entry"); run(require);`,
      'state.cjs': `exports.count = 0; exports.words = require("../words.cjs");`,
      'other.cjs': `exports.state = require("./state.cjs");`,
    },
    'words.cjs': `exports.text = "said " + "once";`,
    own: {
      'main.cjs': `const state = require("../kept/state.cjs"); state.count++;
        tell(require("../kept/other.cjs").state === state); tell(require("../words.cjs") === state.words);
        tell(require("./more.cjs").count); tell(require("node:path").posix.sep);`,
      'more.cjs': `exports.count = require("../kept/state.cjs").count;`,
    },
  });
  const entry = `${dir}/kept/entry.cjs`;
  const inner = bundleScript(`${dir}/own/main.cjs`, entry);
  t.same(run(bundleFolder(entry), inner), ['entry', true, true, 1, '/']);
  t.notMatch(inner, 'once');
});
