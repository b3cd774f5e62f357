import { statSync } from 'node:fs';
import t from 'tap';
import { packageOf, stampSources } from '../../src/sources/stamps.js';

t.test('a file belongs to the innermost package of the outermost install', async (t) => {
  t.equal(packageOf('/app/lib/x.js'), null);
  t.equal(packageOf('/app/node_modules_old/x.js'), null);
  t.same(packageOf('/app/node_modules/p/lib/x.js'), { install: '/app/node_modules', folder: '/app/node_modules/p' });
  t.same(packageOf('/app/node_modules/@s/p/x.js'), { install: '/app/node_modules', folder: '/app/node_modules/@s/p' });
  t.same(packageOf('/app/node_modules/.pnpm/p@1/node_modules/@s/q/x.js'), {
    install: '/app/node_modules',
    folder: '/app/node_modules/.pnpm/p@1/node_modules/@s/q',
  });
});

t.test('own files are stamped one by one, packages by their install', async (t) => {
  const p = { 'package.json': '{"name":"p"}', 'a.js': '', 'b.js': '' };
  const dir = t.testdir({
    'cli.js': 'run();',
    'package.json': '{"type":"commonjs"}',
    node_modules: { '.package-lock.json': '{}', p, q: { 'package.json': '{}', 'x.js': '' } },
  });
  const inside = (...names: string[]) => names.map((name) => `${dir}/node_modules/${name}`);
  const { ownSources, installs } = await stampSources([
    `${dir}/cli.js`,
    ...inside('p/a.js', 'p/b.js', 'q/x.js'),
    `${dir}/cli.js`,
  ]);
  const stampOf = (file: string) => ({ file, bytes: statSync(file).size, mtimeMs: statSync(file).mtimeMs });
  t.same(ownSources, [stampOf(`${dir}/cli.js`), stampOf(`${dir}/package.json`)], 'and what says how they are loaded');
  t.equal(installs.length, 1);
  t.same(installs[0]?.lock?.file, inside('.package-lock.json')[0]);
  t.same(
    installs[0]?.packages.map(({ file }) => file),
    inside('p/package.json', 'q/package.json'),
  );
});

for (const name of ['.package-lock.json', '.yarn-integrity', '.yarn-state.yml', '.modules.yaml']) {
  t.test(`the lock state ${name} is found`, async (t) => {
    const dir = t.testdir({ node_modules: { [name]: 'x', p: { 'package.json': '{}', 'a.js': '' } } });
    const { installs } = await stampSources([`${dir}/node_modules/p/a.js`]);
    t.equal(installs[0]?.lock?.file, `${dir}/node_modules/${name}`);
  });
}

t.test('an install without a lock state, and a package without package.json', async (t) => {
  const dir = t.testdir({ node_modules: { p: { 'a.js': '' } } });
  const { installs } = await stampSources([`${dir}/node_modules/p/a.js`]);
  t.same(installs, [{ lock: null, packages: [] }]);
});
