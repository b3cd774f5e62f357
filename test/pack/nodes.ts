// The reader gives the same answers on every Node version, and from inside a V8 snapshot.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path, { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { writePack } from '../../src/pack/writer.js';
import { bundleScript } from '../../src/target/bundle-script.js';
import { askAll } from './harness/answers.js';
import { commonjs, expectationOf, sampleInput } from './harness/sample.js';

const readAll = fileURLToPath(new URL('harness/read-all.js', import.meta.url));
const compiled = new URL('../../snapshot-entry/', import.meta.url);

for (const version of ['v20', 'v22', 'v24', 'v26']) {
  const node = fileURLToPath(new URL(`../../../node_modules/node-${version}/bin/node`, import.meta.url));
  if (!existsSync(node)) {
    t.comment(`SKIPPED: Node ${version} is not installed (node_modules/node-${version})`);
    continue;
  }

  t.test(`Node ${version}`, async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'app.pack');
    const input = sampleInput();
    const { bytes } = await writePack(file, input);
    const truth = askAll(file, expectationOf(input, bytes), input);
    const answers = execFileSync(node, [readAll, file, String(bytes)], { encoding: 'utf8' });
    t.strictSame(JSON.parse(answers), [...truth]);
  });

  t.test(`Node ${version}, restored from a snapshot, after the program patched what the reader uses`, async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'app.pack');
    const modules = [commonjs('/app/a.js', 'exports.a = 1;'), commonjs('/app/b.js', "exports.b = '\u6f22';")];
    const resolutions = [{ from: '/app/a.js', request: './b', target: '/app/b.js' }];
    const input = { ...sampleInput(), modules, resolutions };
    const { bytes } = await writePack(file, input);
    const builder = join(folder, 'builder.js');
    await writeFile(builder, await builderScript(folder, file, JSON.stringify(expectationOf(input, bytes))));
    const blob = join(folder, 'app.blob');
    execFileSync(node, ['--snapshot-blob', blob, '--build-snapshot', builder], { stdio: 'pipe' });
    const printed = execFileSync(node, ['--snapshot-blob', blob, '--', 'x'], { encoding: 'utf8' });
    t.strictSame(JSON.parse(printed), ['exports.a = 1;', "exports.b = '\u6f22';", '/app/b.js']);
  });
}

/** A builder may require built-ins only, so the reader's files are put into one script. */
async function builderScript(folder: string, file: string, expectation: string): Promise<string> {
  const entry = join(folder, 'entry.cjs');
  const readerFile = path.relative(folder, fileURLToPath(new URL('launch/pack-reader.cjs', compiled)));
  const text = `
const { openPack } = require(${JSON.stringify(readerFile)});
require('node:v8').startupSnapshot.setDeserializeMainFunction(() => {
  const refuse = () => { throw new Error('patched'); };
  const fs = require('node:fs');
  for (const name of ['openSync', 'readSync', 'fstatSync', 'closeSync']) fs[name] = refuse;
  require('node:zlib').crc32 = refuse;
  const expected = ${expectation};
  const reader = openPack(${JSON.stringify(file)}, { ...expected, artifactId: Buffer.from(expected.artifactId.data) });
  const texts = [0, 1].map((index) => reader.read(index).originalSource());
  const target = reader.fileOf(reader.resolve(reader.indexOf('/app/a.js'), './b'));
  reader.close();
  process.stdout.write(JSON.stringify([...texts, target]));
});`;
  await writeFile(entry, text);
  return bundleScript(entry);
}
