// The own test suites of packages that publish them, run from an artifact in which the packages are baked: what the
// suites print is what they print plainly, so their packages do the same.
import { join } from 'node:path';
import t from 'tap';
import { type ManifestModule, readManifest } from '../../../src/artifact/manifest.js';
import { build } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { corpus } from '../harness/corpus.js';
import { nodes } from '../harness/nodes.js';

t.setTimeout(900_000);

/** Packages all of whose modules are baked, and one of theirs. */
const baked = [
  'call-bind/index.js',
  'concat-map/index.js',
  'deep-is/index.js',
  'defined/index.js',
  'fast-json-stable-stringify/index.js',
  'fast-uri/index.js',
  'function-bind/implementation.js',
  'has-symbols/shams.js',
  'math-intrinsics/abs.js',
  'minimist/index.js',
  'object-inspect/index.js',
  'path-browserify/index.js',
  'qs/lib/parse.js',
  'resolve/lib/sync.js',
  'side-channel/index.js',
  'through/index.js',
];

/** Of which statements are deferred: they load what cannot be baked, or ask where the user's home is. */
const deferring = ['resolve/lib/sync.js', 'side-channel/index.js'];

function moduleNamed(modules: readonly ManifestModule[], name: string): ManifestModule | undefined {
  return modules.find(({ file }) => file.endsWith(`/suites/node_modules/${name}`));
}

const folder = corpus(t, 'suites');
if (folder !== undefined) {
  for (const node of nodes(t, ['v24'])) {
    await t.test(`suites, Node ${node.name}`, async (t) => {
      const target = await build(t, node, {
        entry: join(folder, 'run.cjs'),
        cwd: folder,
        // In the first line, some suites change what later ones were baked with: those are used in the second one alone.
        train: ['', 'resolve side-channel'],
        timeoutMs: 400_000,
      });
      const { modules } = await readManifest(target.out);
      for (const name of baked) t.equal(moduleNamed(modules, name)?.verdict, 'baked', `${name} is baked`);
      for (const name of deferring) {
        t.not(moduleNamed(modules, name)?.deferred.length ?? 0, 0, `statements of ${name} are deferred`);
      }
      t.ok(modules.filter(({ deferred }) => deferred.length > 0).length > 15, 'so are statements of many others');
      for (const args of [[], ['resolve', 'side-channel']]) {
        const plain = await compare(t, target, { args, cwd: folder, timeoutMs: 120_000 });
        t.equal(plain.code, 0, 'the suites pass');
        t.match(plain.stdout, /\n# tests \d{2,}\n# pass {2}\d{2,}\n\n# ok\n/);
      }
    });
  }
}
