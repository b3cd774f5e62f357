// What the builder is told: shared reads once each, requests with what they led to, formats.
import t from 'tap';
import type { Guard } from '../../src/graph/guard.js';
import { bakeInput } from '../../src/pipeline/bake-input.js';
import type { Plan, PlannedVerdict } from '../../src/plan/types.js';
import { NO_STAMPS } from '../../src/stamps/source-stamps.js';
import { graphOf } from '../graph/harness/graphs.js';
import { targetOf } from './harness/targets.js';

const target = targetOf({ nodeFlags: ['--no-warnings'] });

const graph = graphOf(
  {
    '/app/a.js': {
      loads: [
        { request: './b.json', target: '/app/b.json' },
        { request: '../app/b.json', target: '/app/b.json' },
      ],
    },
    '/app/b.json': { format: 'json' },
  },
  {
    resolutions: [
      { from: '/app/a.js', request: './b.json', target: '/app/b.json' },
      { from: '/app/a.js', request: 'fs', target: 'node:fs' },
      { from: '/app/a.js', request: 'optional', target: null },
    ],
  },
);

function baked(file: string, more: Partial<PlannedVerdict>): PlannedVerdict {
  return {
    file,
    verdict: 'baked',
    code: 'PLAN_BAKED',
    reason: '',
    evidence: [],
    via: [],
    inputs: [],
    reads: [],
    heads: [],
    guards: [],
    deferred: [],
    isLazy: false,
    standIns: [],
    ...more,
  };
}

const readBy = (module: string) => (owner: string, member: string) => ({ module, owner, member });
const byA = readBy('/app/a.js');
const byB = readBy('/app/b.json');

const debugUnset: Guard = { kind: 'env-unset', name: 'DEBUG' };
const noFlag: Guard = { kind: 'argv-without', word: '--color' };

const plan: Plan = {
  modules: [
    baked('/app/a.js', {
      reads: [byA('node:fs', 'statSync'), byA('globalThis', 'Map'), byA('node:fs', 'statSync')],
      guards: [{ guard: debugUnset, after: -1 }],
      heads: ['/app/b.json'],
    }),
    baked('/app/b.json', {
      reads: [byB('globalThis', 'Map')],
      guards: [noFlag, debugUnset].map((guard) => ({ guard, after: 2 })),
    }),
  ],
  order: ['/app/a.js', '/app/b.json'],
};

const stamps = { ...NO_STAMPS, ownSources: [{ file: '/app/a.js', bytes: 1, mtimeMs: 2 }] };
const rest = { importsDynamically: false };
const input = bakeInput({ plan, graph, target, stamps, artifactId: 'ab', ...rest });

t.test('each shared member stands once, modules point at it', async (t) => {
  t.same(input.reads, [
    { owner: 'node:fs', member: 'statSync' },
    { owner: 'globalThis', member: 'Map' },
  ]);
  t.same(
    input.modules.map((module) => module.reads),
    [[0, 1], [1]],
  );
});

t.test('each guard stands once, modules point at it', async (t) => {
  t.same(input.guards, [debugUnset, noFlag]);
  t.same(
    input.modules.map((module) => module.guards.map(({ position, after }) => [position, after])),
    [
      [[0, -1]],
      [
        [1, 2],
        [0, 2],
      ],
    ],
  );
});

t.test('modules come in the order of their evaluation, with requests and formats', async (t) => {
  t.match(input.modules, [
    { file: '/app/a.js', format: 'commonjs', heads: ['/app/b.json'] },
    { file: '/app/b.json', format: 'json', heads: [], requests: [] },
  ]);
  t.same(input.modules[0]?.requests, [
    ['./b.json', '/app/b.json'],
    ['fs', 'node:fs'],
    ['optional', null],
    ['../app/b.json', '/app/b.json'],
  ]);
});

t.test('the run is described as the entry and node say', async (t) => {
  t.match(input, { artifactId: 'ab', entry: '/app/cli.js', argv1: '/bin/cli', nodeFlags: ['--no-warnings'] });
  t.match(input, { node: { version: 'v24.1.0', arch: 'x64', v8Tag: 7 }, ...stamps });
});
