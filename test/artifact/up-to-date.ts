import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import type { Manifest } from '../../src/artifact/manifest.js';
import { isUpToDate, sha256 } from '../../src/artifact/up-to-date.js';
import { NO_STAMPS } from '../../src/stamps/source-stamps.js';
import type { NodeBinary } from '../../src/target/measure.js';
import { manifestModule, manifestOf } from './harness/manifests.js';

const node = { path: '/bin/node', version: 'v24.1.0', arch: 'x64', bytes: 2, mtimeMs: 3, inode: 4 } as NodeBinary;
const { entry, options, tool } = manifestOf();
const wanted = { fingerprint: tool.fingerprint, options, node, entry, globals: [] };

async function built(t: Test): Promise<{ out: string; file: string; input: string; manifest: Manifest }> {
  const out = t.testdir({
    'app.blob': 'blob',
    'app.terminal': { 'app.blob': 'more' },
    cli: 'launcher',
    src: { 'a.js': 'exports.a = 1;', 'data.txt': 'one' },
  });
  const file = path.join(out, 'src/a.js');
  const input = path.join(out, 'src/data.txt');
  const { size: bytes, mtimeMs } = statSync(file);
  const modules = [manifestModule(file, { bytes, mtimeMs, sha256: await sha256(file), inputs: [input] })];
  const stamps = [file, input].map((stamped) => {
    const { size, mtimeMs: at } = statSync(stamped);
    return { file: stamped, bytes: size, mtimeMs: at };
  });
  const files = { 'app.blob': { bytes: 4 }, 'app.terminal/app.blob': { bytes: 4 }, cli: { bytes: 8 } };
  return { out, file, input, manifest: manifestOf({ modules, files, stamps: { ...NO_STAMPS, ownSources: stamps } }) };
}

t.test('nothing has changed', async (t) => {
  const { out, manifest } = await built(t);
  t.equal(await isUpToDate(out, manifest, wanted), true);
});

for (const [what, change] of Object.entries<(out: string) => void>({
  'a link leads elsewhere': (out) => {
    rmSync(`${out}/src/current`);
    symlinkSync('two', `${out}/src/current`);
  },
  'what was looked for in vain is there': (out) => writeFileSync(`${out}/src/config.js`, ''),
  'a package is in the home': (out) => mkdirSync(`${out}/home/p`, { recursive: true }),
})) {
  t.test(`${what}: requests lead elsewhere, so it is not up to date`, async (t) => {
    const { out, manifest } = await built(t);
    symlinkSync('one', `${out}/src/current`);
    const folder = { folder: `${out}/src`, mtimeMs: 1, facts: '>current\0one\0*config' };
    const stamps = { ...manifest.stamps, folders: [folder], globals: { folders: [], facts: '?\0!p' } };
    const asked = { ...wanted, globals: [`${out}/home`] };
    t.equal(await isUpToDate(out, { ...manifest, stamps }, asked), true, 'as it was built');
    change(out);
    t.equal(await isUpToDate(out, { ...manifest, stamps }, asked), false);
  });
}

for (const [what, other] of Object.entries({
  'another snap': { fingerprint: 'other' },
  'another option': { options: { ...options, train: ['--version'] } },
  'another choice of what may be deferred': { options: { ...options, defer: false } },
  'another choice of columns': { options: { ...options, relaxedColumns: true } },
  'another name': { options: { ...options, name: 'other' } },
  'another pinning': { options: { ...options, node: '/bin/node' } },
  'another node path': { node: { ...node, path: '/usr/bin/node' } },
  'another node version': { node: { ...node, version: 'v24.2.0' } },
  'another node size': { node: { ...node, bytes: 5 } },
  'another node time': { node: { ...node, mtimeMs: 5 } },
  'another node inode': { node: { ...node, inode: 5 } },
  'another entry': { entry: { ...entry, file: '/app/other.js' } },
  'another format of the entry': { entry: { ...entry, format: 'module' } },
})) {
  t.test(`${what} makes another artifact`, async (t) => {
    const { out, manifest } = await built(t);
    t.equal(await isUpToDate(out, manifest, { ...wanted, ...other }), false);
  });
}

for (const [what, change] of Object.entries<(place: { out: string; file: string; input: string }) => void>({
  'a file of the artifact is gone': ({ out }) => rmSync(`${out}/app.blob`),
  'a file of its second world is gone': ({ out }) => rmSync(`${out}/app.terminal/app.blob`),
  'its second world is gone': ({ out }) => rmSync(`${out}/app.terminal`, { recursive: true }),
  'a file of the artifact has another size': ({ out }) => writeFileSync(`${out}/cli`, 'x'),
  'a module has another size': ({ file }) => writeFileSync(file, 'x'),
  'a module has another content of the same size': ({ file }) => writeFileSync(file, 'exports.a = 2;'),
  'a module is gone': ({ file }) => renameSync(file, `${file}.old`),
  // The launch compares times too: an artifact that runs plain is not one to keep.
  'a module was only touched': ({ file }) => utimesSync(file, 1, 1),
  'a file that was read while baking has changed': ({ input }) => writeFileSync(input, 'two'),
})) {
  t.test(`${what}: not up to date`, async (t) => {
    const { manifest, ...place } = await built(t);
    change(place);
    t.equal(await isUpToDate(place.out, manifest, wanted), false);
  });
}
