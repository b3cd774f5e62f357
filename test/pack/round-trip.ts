// What goes into a pack comes out of it.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Script } from 'node:vm';
import t from 'tap';
import { openPack } from '../../snapshot-entry/launch/pack-reader.cjs';
import { WRAPPER_HEAD, WRAPPER_TAIL } from '../../snapshot-entry/shared/pack-format.cjs';
import { PackWriteError, type PackWriteErrorCode } from '../../src/pack/errors.js';
import { HEAD_BESIDE, storedSource } from '../../src/pack/stored-source.js';
import { encodePack, type PackInput, type PackModule, writePack } from '../../src/pack/writer.js';
import { ARTIFACT_ID, commonjs, expectationOf, NODE, sampleInput, withCache } from './harness/sample.js';

function inputOf(modules: readonly PackModule[]): PackInput {
  return { artifactId: ARTIFACT_ID, node: NODE, modules, resolutions: [] };
}

async function openInput(folder: string, input: PackInput) {
  const file = join(folder, 'app.pack');
  const { bytes } = await writePack(file, input);
  return openPack(file, expectationOf(input, bytes));
}

function refusal(action: () => unknown): PackWriteErrorCode | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof PackWriteError) return error.code;
    throw error;
  }
  return undefined;
}

t.test('sources, caches and flags', async (t) => {
  const input = sampleInput();
  const reader = await openInput(t.testdir(), input);
  t.teardown(() => reader.close());
  t.equal(reader.packedCount, input.modules.length);
  for (const [order, module] of input.modules.entries()) {
    const index = reader.indexOf(module.file);
    t.equal(index, order, 'in the order of first load');
    t.equal(reader.fileOf(index), module.file);
    const entry = reader.read(index);
    const text = module.source.replace(/^\uFEFF/, '');
    t.equal(entry.originalSource(), text);
    const body = text.startsWith('#!') ? `//${text.slice(2)}` : text;
    const isBeside = module.file.endsWith('evaluates-below.js');
    const head = isBeside ? HEAD_BESIDE : WRAPPER_HEAD;
    t.equal(entry.wrapped, module.format === 'json' ? text : head + body + WRAPPER_TAIL);
    t.equal(entry.columnOffset, isBeside ? -WRAPPER_HEAD.length : 0);
    t.equal(entry.mayEvaluate, module.file.endsWith('evaluates.js'));
    t.equal(entry.format, module.format);
    t.equal(entry.usesDynamicImport, module.usesDynamicImport);
    t.strictSame(entry.cache, module.cache);
    t.equal((entry.cache?.byteOffset ?? 0) % 8, 0, 'V8 need not copy the cache');
  }
});

t.test('how many calls of require a source begins with', async (t) => {
  const sources = ["require('a');\nrequire('b');\nf();", 'f();', "require('a');".repeat(300)];
  const modules = sources.map((source, i) => commonjs(`/app/${i}.js`, source));
  const reader = await openInput(t.testdir(), inputOf(modules));
  t.teardown(() => reader.close());
  t.same(
    modules.map((_, index) => reader.read(index).requireRun),
    [2, 0, 255],
  );
});

t.test('the source hash is that of the stored bytes', async (t) => {
  const reader = await openInput(t.testdir(), sampleInput());
  t.teardown(() => reader.close());
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const plain = reader.indexOf('/app/lib/plain.js');
  const wide = reader.indexOf('/app/lib/wide.js');
  t.equal(reader.sourceHash(plain).toString('hex'), sha256(Buffer.from(reader.read(plain).wrapped, 'latin1')));
  t.equal(reader.sourceHash(wide).toString('hex'), sha256(Buffer.from(reader.read(wide).wrapped, 'utf16le')));
});

t.test('V8 accepts a code cache that went through the pack', async (t) => {
  const sources = ["exports.f = () => 'one';", "exports.f = () => '\u6f22';"];
  const options = { filename: '/app/x.js', lineOffset: -1 };
  const modules = sources.map((source, i) => {
    const module = commonjs(`/app/${i}.js`, source);
    return withCache(module, new Script(storedSource(module).text, options).createCachedData());
  });
  const reader = await openInput(t.testdir(), inputOf(modules));
  t.teardown(() => reader.close());
  for (const index of [0, 1]) {
    const { wrapped, cache } = reader.read(index);
    t.ok(cache);
    const script = new Script(wrapped, cache === undefined ? options : { ...options, cachedData: cache });
    t.equal(script.cachedDataRejected, false);
  }
});

t.test('resolutions, with files that are known but not packed', async (t) => {
  const reader = await openInput(t.testdir(), sampleInput());
  t.teardown(() => reader.close());
  const at = (file: string) => reader.indexOf(file);
  const baked = at('/app/node_modules/baked/index.js');
  t.ok(baked >= reader.packedCount);
  t.notOk(reader.isPacked(baked));
  t.ok(reader.isPacked(at('/app/lib/plain.js')));
  t.notOk(reader.isPacked(-1));
  t.equal(at('/app/never.js'), -1);
  t.equal(reader.resolve(at('/app/cli.js'), './lib/plain'), at('/app/lib/plain.js'));
  t.equal(reader.resolve(at('/app/lib/plain.js'), 'baked'), baked);
  t.equal(reader.resolve(baked, '../../lib/empty'), at('/app/lib/empty.js'));
  t.equal(reader.resolve(at('/app/cli.js'), 'fs'), 'node:fs');
  t.equal(reader.resolve(at('/app/lib/plain.js'), 'optional'), null);
  t.equal(reader.resolve(at('/app/lib/wide.js'), 'optional'), null);
  t.equal(reader.resolve(at('/app/lib/wide.js'), './\u6f22'), at('/app/lib/plain.js'));
  t.equal(reader.resolve(at('/app/cli.js'), 'optional'), undefined, 'of another module');
  t.equal(reader.resolve(-1, 'fs'), undefined);
  t.throws(() => reader.read(baked), { code: 'PACK_NOT_PACKED' });
});

t.test('a pack of nothing', async (t) => {
  const reader = await openInput(t.testdir(), inputOf([]));
  t.teardown(() => reader.close());
  t.equal(reader.indexOf('/app/x.js'), -1);
  t.throws(() => reader.read(0), { code: 'PACK_NOT_PACKED' });
});

t.test('five thousand modules, read in order and out of order', async (t) => {
  const modules = Array.from({ length: 5000 }, (_, i) => {
    const module = commonjs(`/app/node_modules/p${i % 97}/lib/m${i}.js`, `exports.i = ${i};${'x'.repeat(i % 300)}`);
    return i % 3 === 0 ? withCache(module, Buffer.alloc(i % 500, i)) : module;
  });
  const resolutions = modules.flatMap(({ file }, i) => [
    { from: file, request: './same', target: modules[(i * 7) % 5000]?.file ?? null },
    { from: file, request: `./m${i % 11}`, target: null, code: 'MODULE_NOT_FOUND' },
  ]);
  const reader = await openInput(t.testdir(), { ...inputOf(modules), resolutions });
  t.teardown(() => reader.close());
  const right = (i: number) => {
    const entry = reader.read(reader.indexOf(modules[i]?.file ?? ''));
    const length = modules[i]?.cache?.length ?? 0;
    return entry.originalSource() === modules[i]?.source && (entry.cache?.length ?? 0) === length;
  };
  const order = modules.map((_, i) => i);
  t.strictSame(
    order.filter((i) => !right(i)),
    [],
  );
  t.strictSame(
    order.filter((i) => !right((i * 3571) % 5000)),
    [],
  );
  t.strictSame(
    order.filter((i) => reader.resolve(i, './same') !== (i * 7) % 5000),
    [],
  );
  t.strictSame(
    order.filter((i) => reader.resolve(i, `./m${i % 11}`) !== null),
    [],
  );
});

t.test('a module larger than the read window', async (t) => {
  const big = commonjs('/app/big.js', `/*${'\u6f22'.repeat(400_000)}*/`);
  const modules = [commonjs('/app/a.js', 'a'), big, commonjs('/app/z.js', 'z')];
  const reader = await openInput(t.testdir(), inputOf(modules));
  t.teardown(() => reader.close());
  for (const i of [0, 1, 2, 1, 0, 2]) t.ok(reader.read(i).originalSource() === modules[i]?.source);
});

t.test('the same input gives the same bytes, in whatever order resolutions were seen', async (t) => {
  const input = sampleInput();
  const pack = encodePack(input);
  t.ok(pack.equals(encodePack(sampleInput())));
  t.ok(pack.equals(encodePack({ ...input, resolutions: [...input.resolutions].reverse() })));
  t.ok(pack.equals(encodePack({ ...input, resolutions: [...input.resolutions, ...input.resolutions] })));
});

t.test('another node gets the sources and no caches', async (t) => {
  const input = sampleInput();
  const file = join(t.testdir(), 'app.pack');
  const { bytes } = await writePack(file, input);
  const own = expectationOf(input, bytes);
  for (const other of [{ nodeVersion: 'v24.1.3' }, { nodeVersion: 'v24.1' }, { arch: 'arm64' }, { v8Tag: 1 }]) {
    const reader = openPack(file, { ...own, ...other });
    t.notOk(reader.cachesUsable);
    t.equal(reader.read(0).cache, undefined);
    t.equal(reader.read(0).originalSource(), input.modules[0]?.source);
    reader.close();
  }
});

t.test('the writer refuses what it cannot stand behind', async (t) => {
  const module = withCache(commonjs('/app/a.js', 'one'), Buffer.from('cache'));
  const resolve = (target: string | null) => ({ from: '/app/a.js', request: 'x', target });
  const { cacheSourceHash: _, ...unhashed } = module;
  t.equal(
    refusal(() => encodePack(inputOf([{ ...module, source: 'two' }]))),
    'PACK_STALE_CACHE',
  );
  t.equal(
    refusal(() => encodePack(inputOf([unhashed]))),
    'PACK_STALE_CACHE',
  );
  t.equal(
    refusal(() => encodePack(inputOf([module, module]))),
    'PACK_DUPLICATE_MODULE',
  );
  t.equal(
    refusal(() => encodePack(inputOf([commonjs('a.js', '')]))),
    'PACK_BAD_KEY',
  );
  t.equal(
    refusal(() => encodePack({ ...inputOf([]), resolutions: [resolve('fs')] })),
    'PACK_BAD_KEY',
  );
  const conflict = [resolve('/app/b.js'), resolve(null)];
  t.equal(
    refusal(() => encodePack({ ...inputOf([]), resolutions: conflict })),
    'PACK_CONFLICTING_RESOLUTION',
  );
  t.equal(
    refusal(() => encodePack({ ...inputOf([]), artifactId: Buffer.alloc(15) })),
    'PACK_BAD_HEADER',
  );
  const longVersion = { ...NODE, version: `v${'1'.repeat(40)}` };
  t.equal(
    refusal(() => encodePack({ ...inputOf([]), node: longVersion })),
    'PACK_BAD_HEADER',
  );
});

t.test('writing is whole or not at all', async (t) => {
  const folder = t.testdir({ 'app.pack': 'old' });
  const file = join(folder, 'app.pack');
  await t.rejects(writePack(join(folder, 'none', 'app.pack'), sampleInput()), { code: 'PACK_WRITE_FAILED' });
  await t.rejects(writePack(file, inputOf([commonjs('a.js', '')])), { code: 'PACK_BAD_KEY' });
  t.equal(await readFile(file, 'utf8'), 'old');
  const { bytes } = await writePack(file, sampleInput());
  t.ok((await readFile(file)).equals(encodePack(sampleInput())));
  t.equal((await stat(file)).size, bytes);
  t.equal((await stat(file)).mode & 0o777, 0o600);
  t.strictSame(await readdir(folder), ['app.pack'], 'no temporary file is left');
  const taken = t.testdir({ 'app.pack': { inside: '' } });
  await t.rejects(writePack(join(taken, 'app.pack'), sampleInput()), { code: 'PACK_WRITE_FAILED', path: /app\.pack/ });
  t.strictSame(await readdir(taken), ['app.pack']);
});

t.test(
  'a module that imports is packed without a cache for a node that would forget how imports are answered',
  async (t) => {
    const module = { ...commonjs('/app/a.js', "import('x');"), usesDynamicImport: true };
    const modules = [
      withCache(module, Buffer.from('its cache')),
      withCache(commonjs('/app/b.js', ''), Buffer.from('b')),
    ];
    for (const [version, kept] of [
      ['v20.20.2', undefined],
      ['v22.22.3', 'its cache'],
    ] as const) {
      const reader = await openInput(t.testdir(), { ...inputOf(modules), node: { ...NODE, version } });
      t.equal(reader.read(0).cache?.toString(), kept, version);
      t.equal(reader.read(1).cache?.toString(), 'b', version);
      reader.close();
    }
  },
);
