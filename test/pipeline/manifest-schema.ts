// docs/manifest.schema.json, against what a build writes and against the interface that the code goes by.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Project, type Type } from 'ts-morph';
import { silentProgress } from '../../src/cli/progress.js';
import { build } from '../../src/pipeline/build.js';
import { manifestOf } from '../artifact/harness/manifests.js';
import { type Schema, Validator } from './harness/json-schema.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const schema = JSON.parse(readFileSync(path.join(root, 'docs/manifest.schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema);

t.test('a built manifest fits', async (t) => {
  const cwd = t.testdir({
    'package.json': '{}',
    'cli.js': `require('./baked.js'); require('./packed.js'); require('./data.json');`,
    'baked.js': `exports.text = require('fs').readFileSync(__dirname + '/text.txt', 'utf8');`,
    'packed.js': 'exports.home = process.env.HOME;',
    'data.json': '{}',
    'text.txt': 'text',
    'esm.mjs': 'export {};',
  });
  const env = { ...process.env, XDG_CACHE_HOME: path.join(cwd, 'cache') };
  const common = { cwd, env, progress: silentProgress() };
  const { manifest, out } = await build({ ...common, entry: './cli.js', train: [''], keepSlower: true });
  t.equal(manifest.mode, 'accelerated');
  t.same(new Set(manifest.modules.map(({ verdict }) => verdict)), new Set(['baked', 'packed']));
  t.ok(manifest.stamps.ownSources.length >= 5);
  t.same(validator.faults(JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8'))), []);
  const plain = await build({ ...common, entry: './esm.mjs' });
  t.equal(plain.manifest.mode, 'plain');
  t.same(validator.faults(plain.manifest), []);
});

t.test('what does not fit is found', async (t) => {
  const fitting = manifestOf({ tool: { name: 'v8-snap', version: '0.0.0', fingerprint: '0123456789abcdef' } });
  t.same(validator.faults(fitting), []);
  const { node: _node, ...lacking } = fitting;
  t.same(validator.faults(lacking), [' lacks node']);
  t.same(validator.faults({ ...fitting, more: 1 }), [' has more']);
  t.same(validator.faults({ ...fitting, mode: 'fast' }), ['/mode is none of accelerated,plain']);
  t.same(validator.faults({ ...fitting, modules: [{}] }).length, 13);
  t.same(validator.faults({ ...fitting, files: { x: { bytes: -1 } } }), ['/files/x/bytes/ is below 0']);
});

/** Names of all fields, as paths: `modules[].file`; a dictionary's values stand under `*`. */
function fieldsOfType(type: Type, at = ''): string[] {
  if (type.isUnion()) return type.getUnionTypes().flatMap((one) => fieldsOfType(one, at));
  const element = type.getArrayElementType();
  if (element !== undefined) return fieldsOfType(element, `${at}[]`);
  if (!type.isObject()) return [];
  const values = type.getStringIndexType();
  if (values !== undefined) return fieldsOfType(values, `${at}.*`);
  return type.getProperties().flatMap((property) => {
    const name = `${at}.${property.getName()}`;
    return [name, ...fieldsOfType(property.getValueDeclarationOrThrow().getType(), name)];
  });
}

function fieldsOfSchema(part: Schema, at = ''): string[] {
  if (typeof part.$ref === 'string') return fieldsOfSchema(validator.resolve(part.$ref), at);
  if (Array.isArray(part.anyOf)) return part.anyOf.flatMap((one: Schema) => fieldsOfSchema(one, at));
  if (part.items !== undefined) return fieldsOfSchema(part.items as Schema, `${at}[]`);
  if (typeof part.additionalProperties === 'object')
    return fieldsOfSchema(part.additionalProperties as Schema, `${at}.*`);
  return Object.entries((part.properties as Record<string, Schema> | undefined) ?? {}).flatMap(([key, field]) => [
    `${at}.${key}`,
    ...fieldsOfSchema(field, `${at}.${key}`),
  ]);
}

t.test('the schema has the fields of the interface, and no others', async (t) => {
  const project = new Project({
    tsConfigFilePath: path.join(root, 'src/tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
  });
  const source = project.addSourceFileAtPath(path.join(root, 'src/artifact/manifest.ts'));
  const fields = new Set(fieldsOfType(source.getInterfaceOrThrow('Manifest').getType()));
  t.ok(fields.has('.stamps.installs[].packages[].mtimeMs'), 'the walk goes deep');
  t.same([...new Set(fieldsOfSchema(schema))].sort(), [...fields].sort());
});
