import { createRequire } from 'node:module';
import vm from 'node:vm';
import t from 'tap';
import { bundleScript } from '../../src/target/bundle-script.js';

/** Runs a bundle as the snapshot builder does: its `require` knows built-ins only. */
function run(script: string): unknown[] {
  const told: unknown[] = [];
  const require = createRequire(import.meta.url);
  const builtinsOnly = (name: string) => {
    if (!name.startsWith('node:')) throw new Error(`the builder has no ${name}`);
    return require(name);
  };
  vm.compileFunction(script, ['require', 'tell'])(builtinsOnly, (what: unknown) => told.push(what));
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
