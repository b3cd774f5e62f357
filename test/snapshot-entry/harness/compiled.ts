// argv: FILE. Evaluates FILE's text as a packed module's; `import()` allowed, with a code cache where --cached follows.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileScript } from '../../../snapshot-entry/launch/compile.cjs';
import { expectImportWarning } from '../../../snapshot-entry/launch/import-warning.cjs';
import type { Wrapper } from '../../../snapshot-entry/launch/node-module.cjs';
import { FLAG_BESIDE, WRAPPER_HEAD } from '../../../snapshot-entry/shared/pack-format.cjs';
import { storedSource } from '../../../src/pack/stored-source.js';

const [, , file = '', cached] = process.argv;
const stored = storedSource({ format: 'commonjs', source: readFileSync(file, 'utf8'), usesDynamicImport: true });
const columnOffset = (stored.flags & FLAG_BESIDE) === 0 ? 0 : -WRAPPER_HEAD.length;
const input = { wrapped: stored.text, cache: undefined, usesDynamicImport: true, columnOffset };
const cache = cached === undefined ? undefined : compileScript(file, input).createCachedData();
expectImportWarning();
const script = compileScript(file, { ...input, cache });
if (cache !== undefined && script.cachedDataRejected !== false) throw new Error('the code cache was refused');
const wrapper = script.runInThisContext() as Wrapper;
const exports = {};
Reflect.apply(wrapper, exports, [exports, createRequire(file), { exports }, file, path.dirname(file)]);
