// A small program's pack, with one module of each kind.
import { createHash } from 'node:crypto';
import type { PackExpectation } from '../../../snapshot-entry/launch/pack-header.cjs';
import { storedSource } from '../../../src/pack/stored-source.js';
import type { PackInput, PackModule } from '../../../src/pack/types.js';

export const NODE = { version: 'v24.1.2', arch: 'x64', v8Tag: 0xf1e2d3c4 };
export const ARTIFACT_ID = createHash('md5').update('sample').digest();

export function commonjs(file: string, source: string): PackModule {
  return { file, format: 'commonjs', source, usesDynamicImport: false };
}

export function withCache(module: PackModule, cache: Buffer): PackModule {
  return { ...module, cache, cacheSourceHash: storedSource(module).hash };
}

export function sampleInput(): PackInput {
  return {
    artifactId: ARTIFACT_ID,
    node: NODE,
    modules: [
      withCache(commonjs('/app/lib/plain.js', 'exports.a = 1;\n'), Buffer.from('cache of plain')),
      withCache(commonjs('/app/lib/latin1.js', "exports.a = 'caf\u00e9 \u00ff';"), Buffer.alloc(100, 7)),
      withCache(commonjs('/app/lib/wide.js', "exports.a = '\u6f22\ud83d\ude00 \ud800';"), Buffer.alloc(33, 9)),
      commonjs('/app/lib/bom.js', '\uFEFFexports.a = 1;'),
      commonjs('/app/bin/hashbang.js', '#!/usr/bin/env node\nrun();'),
      commonjs('/app/bin/bom-hashbang.js', '\uFEFF#!/usr/bin/env node\nrun();'),
      { file: '/app/package.json', format: 'json', source: '\uFEFF{"name":"app"}', usesDynamicImport: false },
      { file: '/app/empty.json', format: 'json', source: '', usesDynamicImport: false },
      commonjs('/app/lib/empty.js', ''),
      commonjs('/app/lib/evaluates.js', 'eval(x);'),
      withCache(commonjs('/app/lib/evaluates-below.js', "'use strict';\neval(x);"), Buffer.alloc(9, 3)),
      { ...commonjs('/app/lib/dynamic.js', "import('x');"), usesDynamicImport: true },
      commonjs("/app/a b/\u6f22 'q' $x\n.js", 'exports.odd = true;'),
    ],
    resolutions: [
      { from: '/app/cli.js', request: './lib/plain', target: '/app/lib/plain.js' },
      { from: '/app/cli.js', request: 'fs', target: 'node:fs' },
      { from: '/app/lib/plain.js', request: './wide', target: '/app/lib/wide.js' },
      { from: '/app/lib/plain.js', request: 'baked', target: '/app/node_modules/baked/index.js' },
      { from: '/app/node_modules/baked/index.js', request: '../../lib/empty', target: '/app/lib/empty.js' },
      { from: '/app/lib/plain.js', request: 'optional', target: null, code: 'MODULE_NOT_FOUND' },
      { from: '/app/lib/wide.js', request: 'optional', target: null },
      { from: '/app/lib/wide.js', request: './\u6f22', target: '/app/lib/plain.js' },
      { from: '/app/lib/wide.js', request: '', target: null, code: 'ERR_INVALID_ARG_VALUE' },
      { from: '/app/lib/wide.js', request: '/app/lib/plain.js', target: '/app/lib/plain.js' },
    ],
  };
}

export function expectationOf(input: PackInput, bytes: number): PackExpectation {
  const { version, arch, v8Tag } = input.node;
  return { artifactId: input.artifactId, bytes, nodeVersion: version, arch, v8Tag };
}
