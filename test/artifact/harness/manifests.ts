// A whole manifest that a test can change in one place.
import { MANIFEST_FORMAT, type Manifest, type ManifestModule } from '../../../src/artifact/manifest.js';
import { NO_STAMPS } from '../../../src/stamps/source-stamps.js';

export function manifestModule(file: string, rest: Partial<ManifestModule> = {}): ManifestModule {
  const decided = {
    verdict: 'baked',
    reason: 'nothing it does at load depends on the run',
    code: 'PLAN_BAKED',
  } as const;
  const shown = {
    evidence: [],
    via: [],
    guards: [],
    deferred: [],
    inputs: [],
    bytes: 0,
    loadMs: 1,
    sha256: '',
    mtimeMs: 0,
  };
  return { file, ...decided, ...shown, ...rest };
}

export function manifestOf(rest: Partial<Manifest> = {}): Manifest {
  return {
    format: MANIFEST_FORMAT,
    tool: { name: 'v8-snap', version: '0.0.0', fingerprint: 'f00d' },
    createdAt: '2024-01-01T00:00:00.000Z',
    mode: 'accelerated',
    plainReason: null,
    entry: { file: '/app/cli.js', argv1: '/app/cli.js', format: 'commonjs' },
    node: { path: '/bin/node', version: 'v24.1.0', arch: 'x64', v8Tag: 1, size: 2, mtimeMs: 3, inode: 4 },
    options: {
      entry: './cli.js',
      name: 'cli',
      node: null,
      train: ['--help'],
      sandbox: false,
      keepSlower: false,
      defer: true,
      relaxedColumns: false,
    },
    files: {},
    modules: [],
    worlds: [],
    oneWorldReason: null,
    stamps: NO_STAMPS,
    verified: [],
    timings: {},
    ...rest,
  };
}
