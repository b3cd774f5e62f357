// What a `require` answers in a launched program is what plain Node answers: for modules that are baked or packed, and for all
// others, whatever the program has done to Node's loader. Each program runs plainly, and again over a heap and a pack.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { Loader } from '../../../snapshot-entry/launch/loader.cjs';
import type { PackReader } from '../../../snapshot-entry/launch/pack-reader.cjs';
import type { Prepared } from '../../../snapshot-entry/launch/state.cjs';
import type { PlannedModule } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { PackModule, PackResolution } from '../../../src/pack/types.js';
import { writePack } from '../../../src/pack/writer.js';
import { nodeBinaries } from '../../target/harness/binaries.js';
import type { Spec } from '../harness/launched.js';
import { framesOf, run, runThrough } from '../harness/programs.js';

t.setTimeout(300_000);

const FILES = {
  'package.json': '{}',
  'baked.js': "exports.name = 'baked'; exports.leaf = require('./leaf.js');",
  'leaf.js': "exports.name = 'leaf'; exports.sep = require('node:path').sep;",
  'packed.js': "exports.name = 'packed'; exports.leaf = require('./leaf.js'); exports.own = module.id === __filename;",
  'data.json': '{ "name": "data", "list": [1, 2] }',
  'beside.js': "exports.name = 'beside'; exports.parent = module.parent.id === require.main.id;",
};
const BAKED = ['leaf.js', 'baked.js'];
const PACKED = ['main.js', 'packed.js', 'data.json'];
/** What the training runs asked for, by who asked. */
const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  'main.js': ['./baked.js', './packed.js', './data.json'],
  'packed.js': ['./leaf.js'],
  'baked.js': ['./leaf.js'],
};

/** Where modules came from: the heap, or the pack. */
interface Told {
  readonly active: readonly string[];
  readonly read: readonly string[];
}

function planned(folder: string, name: string): PlannedModule {
  const asked = (REQUESTS[name] ?? []).map((request): [string, string] => [request, path.join(folder, request)]);
  return {
    file: path.join(folder, name),
    format: 'commonjs',
    heads: [],
    reads: [],
    guards: [],
    isLazy: false,
    standIns: [],
    requests: [...asked, ['node:path', 'node:path']],
  };
}

async function packOf(folder: string): Promise<Pick<Spec, 'pack' | 'artifactId' | 'node'>> {
  const pack = path.join(folder, 'app.pack');
  const artifactId = 'ab'.repeat(16);
  const node = { version: 'v1.2.3', arch: 'x64', v8Tag: 1 };
  const modules = PACKED.map((name): PackModule => {
    const file = path.join(folder, name);
    const format = name.endsWith('.json') ? 'json' : 'commonjs';
    return { file, format, source: readFileSync(file, 'utf8'), usesDynamicImport: false };
  });
  const resolutions = Object.entries(REQUESTS).flatMap(([name, requests]) =>
    requests.map((request): PackResolution => {
      return { from: path.join(folder, name), request, target: path.join(folder, request) };
    }),
  );
  await writePack(pack, { artifactId: Buffer.from(artifactId, 'hex'), node, modules, resolutions });
  return { pack, artifactId, node };
}

/** What the program prints plainly and launched, and where its modules came from. `damage`: done to the pack before. */
async function bothWays(t: Test, node: string, main: string, damage?: (pack: string) => void) {
  const folder = t.testdir({ ...FILES, 'main.js': main });
  const packed = await packOf(folder);
  damage?.(packed.pack);
  const spec: Spec = { ...packed, frames: framesOf(node), modules: BAKED.map((name) => planned(folder, name)) };
  const entry = path.join(folder, 'main.js');
  const launched = runThrough('launched', node, [JSON.stringify(spec), entry]);
  // What the program has written is as before.
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
  const plain = run(node, [entry]);
  t.ok(plain.stdout.length > 2, plain.stderr);
  t.equal(launched.stdout, plain.stdout);
  t.match(launched.stderr, /^\{[^\n]*\}$/);
  return JSON.parse(launched.stderr) as Told;
}

const SHOW = `
const path = require('node:path');
const seen = [];
const show = (ask) => { try { seen.push(ask()); } catch ({ name, code, message }) { seen.push({ name, code, message }); } };
process.on('exit', () => process.stdout.write(JSON.stringify(seen)));
const cached = () => Object.keys(require.cache).map((file) => path.basename(file));
const children = () => module.children.map(({ id }) => path.basename(id));
`;

interface Program {
  readonly what: string;
  readonly main: string;
  readonly told: Told;
}

const programs: readonly Program[] = [
  {
    what: 'a baked module, with what it loads',
    main: `show(() => require('./baked.js')); show(() => require('./baked.js') === module.children[0].exports);
      show(cached); show(children); show(() => require.cache[require.resolve('./leaf.js')].parent.id.slice(-8));
      show(() => { const { loaded, filename, paths, path } = module.children[0]; return { loaded, filename, paths, path }; });`,
    told: { active: ['baked.js'], read: ['main.js'] },
  },
  {
    what: 'a packed module, which requires a baked one',
    main: `show(() => require('./packed.js')); show(() => require('./packed.js') === require('./packed.js'));
      show(cached); show(children); show(() => module.children[0].paths);`,
    told: { active: ['leaf.js'], read: ['main.js', 'packed.js'] },
  },
  {
    what: 'JSON',
    main: `show(() => require('./data.json')); const first = require('./data.json'); first.list.push(3);
      show(() => require('./data.json')); delete require.cache[require.resolve('./data.json')];
      show(() => require('./data.json')); show(() => require('./data.json') === first); show(children);`,
    told: { active: [], read: ['main.js', 'data.json'] },
  },
  {
    what: 'built-ins, by either name, and those that there are none of',
    main: `show(() => require('fs') === require('node:fs')); show(() => require('node:path').sep); show(cached);
      show(() => require('node:none')); show(() => require.resolve('fs')); show(children);`,
    told: { active: [], read: ['main.js'] },
  },
  {
    what: 'requests that no training run has made',
    main: `show(() => require(['.', 'baked'].join('/'))); show(() => require(path.join(__dirname, 'packed')));
      show(() => require('./beside.js')); show(() => require('./beside')); show(() => require('./absent.js').code);
      show(() => require('absent-package')); show(() => require('')); show(() => require(5)); show(cached); show(children);
      show(() => require.resolve('./packed')); show(() => require.resolve('./packed.js', { paths: [__dirname] }));`,
    told: { active: ['baked.js'], read: ['main.js', 'packed.js'] },
  },
  {
    what: 'nothing baked or packed while the loader is patched, and again when it is not',
    main: `const Module = require('node:module'); const { _load } = Module; const asked = [];
      Module._load = function (request, parent, isMain) { asked.push(request); return Reflect.apply(_load, this, arguments); };
      show(() => require('./packed.js')); show(() => asked); show(cached); Module._load = _load;
      show(() => require('./baked.js')); show(() => require('./data.json')); show(() => asked); show(children);`,
    told: { active: [], read: ['main.js', 'data.json'] },
  },
  {
    what: 'a patched file system, which is what Node reads through',
    main: `const fs = require('node:fs'); const { readFileSync } = fs; const files = [];
      fs.readFileSync = function (file) { files.push(path.basename(String(file))); return Reflect.apply(readFileSync, this, arguments); };
      show(() => require('./packed.js').name); show(() => require('./data.json').name); fs.readFileSync = readFileSync;
      show(() => files); show(children);`,
    told: { active: [], read: ['main.js'] },
  },
  {
    what: 'a request under a resolver of the program, which is asked about all of them',
    main: `const Module = require('node:module'); const { _resolveFilename } = Module; const asked = [];
      show(() => require('./baked.js').name);
      Module._resolveFilename = function (request) { asked.push(request); return Reflect.apply(_resolveFilename, this, arguments); };
      show(() => require('./packed.js').name); show(() => require('./baked.js').name); show(() => asked);`,
    told: { active: ['baked.js'], read: ['main.js'] },
  },
  {
    what: 'a module that was deleted from the cache: its file is read, as it is by now',
    main: `const fs = require('node:fs'); const first = [require('./baked.js'), require('./packed.js')];
      for (const name of ['baked', 'packed']) {
        delete require.cache[require.resolve('./' + name + '.js')];
        fs.writeFileSync(path.join(__dirname, name + '.js'), 'exports.name = "new"');
      }
      show(() => [require('./baked.js'), require('./packed.js')]); show(() => require('./baked.js') === first[0]);
      show(() => require('./packed.js') === first[1]); show(cached); show(children);`,
    told: { active: ['baked.js'], read: ['main.js', 'packed.js'] },
  },
  {
    what: 'a baked module that lacks what it loaded: both are loaded anew',
    main: `show(() => require('./leaf.js').name); delete require.cache[require.resolve('./leaf.js')];
      show(() => require('./baked.js')); show(() => require('./leaf.js') === require('./baked.js').leaf); show(cached);`,
    told: { active: ['leaf.js'], read: ['main.js'] },
  },
  {
    what: 'another module in the cache',
    main: `require.cache[path.join(__dirname, 'baked.js')] = { exports: 'own', loaded: true, children: [], id: 'own' };
      show(() => require('./baked.js')); show(() => module.children.map(({ id }) => path.basename(id)));`,
    told: { active: [], read: ['main.js'] },
  },
  {
    what: 'a module that looks for packages elsewhere',
    main: `module.paths = []; show(() => require('absent-package').code); show(() => require('./baked.js').name);
      module.filename = null; show(() => require('./packed.js').name); show(children);`,
    told: { active: ['baked.js'], read: ['main.js'] },
  },
];

/** Never called: the compiler refuses a registry whose `begin` has not been called. */
export function withoutBegin(pack: PackReader, prepared: Prepared): Loader {
  // @ts-expect-error
  return new Loader(pack, prepared.registry, prepared);
}

/** In the middle of the contents, which stand last. */
function flipByte(pack: string): void {
  const bytes = readFileSync(pack);
  const at = bytes.indexOf("exports.name = 'packed'");
  bytes[at + 16] = 0x58;
  writeFileSync(pack, bytes);
}

for (const { major, path: node } of nodeBinaries()) {
  await t.test(`Node ${major}`, async (t) => {
    for (const { what, main, told } of programs) {
      await t.test(what, async (t) => t.same(await bothWays(t, node, SHOW + main), told));
    }
    await t.test('a damaged pack is given up, and all is read from files', async (t) => {
      const main =
        "show(() => require('./packed.js')); show(() => require('./data.json')); show(() => require('./baked.js'));";
      t.same(await bothWays(t, node, SHOW + main, flipByte), { active: [], read: ['main.js', 'packed.js'] });
    });
    await t.test('hooks see every load from when they are registered', async (t) => {
      const main = `const { registerHooks } = require('node:module'); const urls = [];
        show(() => require('./baked.js').name);
        registerHooks?.({ load: (url, context, next) => { urls.push(path.basename(url)); return next(url, context); } });
        show(() => require('./packed.js').name); show(() => require('./data.json')); show(() => urls); show(children);`;
      const { active, read } = await bothWays(t, node, SHOW + main);
      t.same(active, ['baked.js']);
      if (major >= 24) t.same(read, ['main.js']);
    });
  });
}
