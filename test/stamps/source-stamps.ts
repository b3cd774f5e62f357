import { mkdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { changedSource } from '../../snapshot-entry/launch/sources.cjs';
import type { Input } from '../../src/graph/analysis.js';
import type { Resolution, TracedModule } from '../../src/graph/types.js';
import { packageOf } from '../../src/stamps/installs.js';
import { mergeStamps, NO_STAMPS, type Stamps, stampSources } from '../../src/stamps/source-stamps.js';

interface Traced {
  readonly files: readonly string[];
  readonly resolutions?: readonly Resolution[];
  readonly inputs?: readonly Input[];
  readonly globals?: readonly string[];
}

/** Stamps of a program of which all is baked. */
function stampsOf({ files, resolutions = [], inputs = [], globals = [] }: Traced): Promise<Stamps> {
  const modules = files.map((file) => ({ file, format: 'commonjs' }) as TracedModule);
  return stampSources({ graph: { modules, resolutions }, baked: new Set(files), inputs, globals });
}

/** As of a program that was installed some time ago: what has changed just now may do so again, unseen. */
function age(...folders: string[]): void {
  for (const folder of folders) utimesSync(folder, 1_000_000, 1_000_000);
}

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

const stampOf = (file: string) => ({ file, bytes: statSync(file).size, mtimeMs: statSync(file).mtimeMs });

t.test('own files are stamped one by one, packages by their install', async (t) => {
  const p = { 'package.json': '{"name":"p"}', 'a.js': '', 'b.js': '' };
  const dir = t.testdir({
    'cli.js': 'run();',
    'package.json': '{"type":"commonjs"}',
    node_modules: { '.package-lock.json': '{}', p, q: { 'package.json': '{}', 'x.js': '' } },
  });
  age(`${dir}/node_modules`);
  const inside = (...names: string[]) => names.map((name) => `${dir}/node_modules/${name}`);
  const { ownSources, installs } = await stampsOf({
    files: [`${dir}/cli.js`, ...inside('p/a.js', 'p/b.js', 'q/x.js'), `${dir}/cli.js`],
  });
  t.same(ownSources, [stampOf(`${dir}/cli.js`), stampOf(`${dir}/package.json`)], 'and what says how they are loaded');
  t.equal(installs.length, 1);
  t.same(installs[0]?.lock?.file, inside('.package-lock.json')[0]);
  t.same(installs[0]?.folder, stampOf(`${dir}/node_modules`));
  t.same(
    installs[0]?.packages.map(({ file }) => file),
    inside('p/package.json', 'q/package.json'),
  );
});

for (const name of ['.package-lock.json', '.yarn-integrity', '.yarn-state.yml', '.modules.yaml']) {
  t.test(`the lock state ${name} is found`, async (t) => {
    const dir = t.testdir({ node_modules: { [name]: 'x', p: { 'package.json': '{}', 'a.js': '' } } });
    const { installs } = await stampsOf({ files: [`${dir}/node_modules/p/a.js`] });
    t.equal(installs[0]?.lock?.file, `${dir}/node_modules/${name}`);
  });
}

t.test('what no package manager has installed is stamped file by file', async (t) => {
  const client = { 'package.json': '{}', 'index.js': '' };
  const dir = t.testdir({ node_modules: { p: { 'a.js': '' }, '.prisma': { client } } });
  const files = ['p/a.js', '.prisma/client/index.js'].map((name) => `${dir}/node_modules/${name}`);
  const { installs, ownSources } = await stampsOf({ files });
  t.equal(installs.length, 1);
  t.match(installs[0], { lock: null, packages: [] });
  t.same(ownSources, [...files, `${dir}/node_modules/.prisma/client/package.json`].map(stampOf));
});

t.test('a file that was written after its package was unpacked is stamped on its own', async (t) => {
  const generator = { 'package.json': '{}', 'index.js': '', 'client.js': '' };
  const dir = t.testdir({ node_modules: { generator } });
  const at = (name: string) => `${dir}/node_modules/generator/${name}`;
  utimesSync(at('package.json'), 1_000_000, 1_000_000);
  utimesSync(at('index.js'), 1_000_003, 1_000_003);
  const { ownSources } = await stampsOf({ files: [at('index.js'), at('client.js')] });
  t.same(ownSources, [stampOf(at('client.js'))]);
});

/** A program whose module `lib/index.js` requires, with a dependency, a link and a failure; all of it is old. */
function program(t: Test): { readonly dir: string; readonly traced: Traced } {
  const dir = t.testdir({
    'package.json': '{}',
    lib: { 'index.js': '', 'a.js': '', data: { 'x.json': '' } },
    node_modules: { p: { 'package.json': '{"main":"lib"}', lib: { 'index.js': '' } } },
    packages: { one: { 'package.json': '{}', 'index.js': '' } },
  });
  const from = `${dir}/lib/index.js`;
  const to = (request: string, target: string | null, during?: string[]): Resolution => ({
    from,
    request,
    target: target === null ? null : `${dir}/${target}`,
    ...(during === undefined ? {} : { during }),
  });
  const resolutions = [
    to('./a', 'lib/a.js'),
    to('p', 'node_modules/p/lib/index.js'),
    to('../config.local', null, [from]),
    to('missing', null, [from]),
    to('later', null),
  ];
  const folders = ['', '/lib', '/lib/data', '/node_modules', '/node_modules/p', '/node_modules/p/lib', '/packages/one'];
  age(...folders.map((folder) => dir + folder));
  const files = ['lib/index.js', 'lib/a.js', 'node_modules/p/lib/index.js'].map((file) => `${dir}/${file}`);
  const inputs = [
    { module: from, path: `${dir}/lib/data`, kind: 'list' },
    { module: from, path: `${dir}/lib/absent.txt`, kind: 'absent' },
    { module: `${dir}/node_modules/p/lib/index.js`, path: `${dir}/node_modules/p/generated.json`, kind: 'absent' },
    { module: `${dir}/lib/never-baked.js`, path: `${dir}/lib/other.txt`, kind: 'absent' },
  ] as const;
  return { dir, traced: { files, resolutions, inputs, globals: [`${dir}/home/.node_modules`] } };
}

t.test('places are kept by folder: names in it, and names below what is not there', async (t) => {
  const { dir, traced } = program(t);
  const { folders, globals } = await stampsOf(traced);
  const factsOf = (folder: string) =>
    folders
      .find((stamp) => stamp.folder === path.join(dir, folder))
      ?.facts.split('\0')
      .join(' ');
  t.equal(
    factsOf('lib'),
    '!absent.txt -a -package.json ?node_modules *node_modules/missing *node_modules/p',
    'what was found without an extension, in a folder above, or not at all; not what is left to Node',
  );
  t.equal(factsOf('lib/data'), '#x.json');
  t.equal(factsOf('.'), '=node_modules *config.local');
  t.equal(factsOf('node_modules'), '=p *missing ~p');
  t.equal(factsOf('node_modules/p'), '!generated.json ~lib');
  t.equal(factsOf('node_modules/p/lib'), '-package.json');
  t.same(globals, { folders: [], facts: '?\0*missing' });
});

t.test('nothing has changed', async (t) => {
  const { traced } = program(t);
  t.equal(changedSource(await stampsOf(traced), []), undefined);
});

t.test('a folder that has changed just now vouches for nothing', async (t) => {
  const { dir, traced } = program(t);
  mkdirSync(`${dir}/lib/unrelated`);
  const stamps = await stampsOf(traced);
  t.equal(stamps.folders.find(({ folder }) => folder === `${dir}/lib`)?.mtimeMs, 0);
  t.equal(changedSource(stamps, []), undefined, 'its facts are compared');
});

t.test('those of two worlds', async (t) => {
  const { traced } = program(t);
  const a = await stampsOf(traced);
  t.same(mergeStamps(a, a), a);
  const globals = { folders: ['/g'], facts: '?\0!other' };
  t.same(mergeStamps(a, { ...NO_STAMPS, globals }).globals, { folders: ['/g'], facts: '?\0*missing\0!other' });
});
