import { spawnSync } from 'node:child_process';
import t from 'tap';
import { factsFor, isAtLeast, isTooOld, majorOf } from '../../src/target/facts.js';
import { FACTS, MAJORS, rowOf, UNFIT_BUILTINS, UNFIT_GLOBALS } from '../../src/target/facts-table.cjs';
import { unsafeBuiltins, unsafeGlobals } from '../../src/target/unsafe.js';
import { cleanEnvironment, nodeBinaries } from './harness/binaries.js';

t.test('versions are compared by number', async (t) => {
  t.equal(isAtLeast('v22.15.0', '22.15.0'), true);
  t.equal(isAtLeast('v22.9.0', '22.15.0'), false);
  t.equal(isAtLeast('24.0.0-nightly1', '22.15.0'), true);
  t.equal(isAtLeast('nonsense', '22.15.0'), false);
});

t.test('a version that is too old or unknown has no facts', async (t) => {
  t.equal(factsFor('v20.18.0'), undefined);
  t.equal(factsFor('v20.19.0')?.supportedFrom, '20.19.0');
  t.equal(factsFor('v18.20.0'), undefined);
  t.equal(factsFor('v21.0.0'), undefined);
  t.equal(isTooOld('v18.20.0'), true);
  t.equal(isTooOld('nonsense'), true);
  t.equal(isTooOld('v20.0.0'), false);
  t.equal(isTooOld('v27.0.0'), false);
});

t.test('each fact has a link to where Node or V8 says so', async (t) => {
  const links = [...Object.values(FACTS), ...UNFIT_BUILTINS, ...UNFIT_GLOBALS].map(({ link }) => new URL(link));
  t.ok(links.length > 15);
  for (const { protocol, host, pathname, hash } of links) {
    t.equal(protocol, 'https:');
    t.ok(['github.com', 'nodejs.org', 'v8.dev'].includes(host), host);
    t.ok(pathname.length > 1 && pathname + hash !== '/', 'a page of its own');
  }
});

t.test(
  'each first version is of its own major, and a major that is not known goes by the last before it',
  async (t) => {
    for (const major of MAJORS) t.equal(majorOf(rowOf(major).supportedFrom), major);
    t.same(rowOf(99), rowOf(26));
    t.same(rowOf(23), rowOf(22));
  },
);

t.test('a major that was not measured may hold nothing that any other may not', async (t) => {
  t.ok(unsafeBuiltins(99).includes('worker_threads') && unsafeBuiltins(99).includes('repl'));
  t.ok(unsafeGlobals(99).includes('CloseEvent'));
  t.notOk(unsafeBuiltins(24).includes('worker_threads'));
  t.ok(unsafeBuiltins(22).includes('worker_threads'));
  t.notOk(unsafeGlobals(20).includes('WebSocket'));
});

/** Run twice: makes a code cache, then tells whether `import()` is answered in a script that was compiled with it. */
const IMPORTS = `const vm = require('vm'), fs = require('fs');
const options = { filename: 'x.js', importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
const text = "import('node:fs').then(() => console.log(true), () => console.log(false))";
if (!fs.existsSync('cache')) fs.writeFileSync('cache', new vm.Script(text, options).createCachedData());
else new vm.Script(text, { ...options, cachedData: fs.readFileSync('cache') }).runInThisContext();`;

/** Whether the frame of the loader's nameless function has its name where an accessor holds it. */
const FRAMES = `const { prototype } = require('module'), { require: held } = prototype;
Object.defineProperty(prototype, 'require', { get: () => held });
require('./stack.cjs');`;
const STACK = "console.log(new Error().stack.includes('at Module.require '));";

for (const { major, path, version } of nodeBinaries()) {
  t.test(`node ${major} is as the table says`, async (t) => {
    const facts = factsFor(version);
    t.ok(facts);
    const cwd = t.testdir({ 'imports.cjs': IMPORTS, 'frames.cjs': FRAMES, 'stack.cjs': STACK });
    const print = (...args: string[]) =>
      spawnSync(path, args, { cwd, encoding: 'utf8', env: cleanEnvironment() }).stdout;
    const tags = [[], ['--min-semi-space-size=32'], ['--max-old-space-size=3000']].map((flags) =>
      print(...flags, '-p', 'v8.cachedDataVersionTag()'),
    );
    t.match(tags[0], /^\d+\n$/);
    t.equal(new Set(tags).size === 1, facts?.heapSizesKeepCaches);
    t.equal(print('imports.cjs'), '');
    t.equal(print('imports.cjs'), `${facts?.cachesKeepImports}\n`);
    t.equal(print('frames.cjs'), `${facts?.framesAreNamedByText}\n`);
  });
}
