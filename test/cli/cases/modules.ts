// What a program can see of the module system.

import type { Case } from '../harness/compare.js';
import type { Cases } from './behaviour.js';

const command = (name: string, ...args: string[]) => ({ args: [name, ...args] });

/** Of a build with `--lazy`: order, environment, stacks, failures, patches. */
export const deferredCases: readonly Case[] = [
  command('deferred:all'),
  { args: ['deferred:all'], env: { BEHAVIOUR_MODE: 'another' } },
  { args: ['deferred:all'], env: { BEHAVIOUR_NEEDS: 'bare' } },
  command('deferred:environment'),
  command('deferred:stacks'),
  command('deferred:fails'),
  command('deferred:patched'),
  command('deferred:hooked'),
];

export const moduleCases: Cases = {
  'process: argv, execArgv, execPath, argv0, title': [
    { args: [] },
    command('facts:process'),
    command('facts:process', '', ' ', 'two words', '--', '-e', '--version', '--snapshot-blob', 'x', '-'),
    command('facts:process', "quote's", 'double"s', '$HOME', '`id`', 'new\nline', '\\', '*', 'ünïcode', '-p', '1'),
    { args: ['facts:process'], cwd: '/' },
    { args: ['facts:relative'], cwd: '/usr' },
    command('facts:names'),
    command('facts:listeners'),
    command('facts:handles'),
    command('facts:versions'),
  ],
  'require.main': [command('modules:main')],
  'require.cache': [command('modules:cache')],
  'require.cache: delete and require again': [command('modules:deletion'), command('modules:deletionBefore')],
  'require.cache: a replaced entry': [command('modules:replaced')],
  'require.resolve, require.resolve.paths': [command('modules:resolve')],
  'module: children, parent, paths, inspect': [command('modules:object')],
  'require: its shape, its errors': [command('modules:requireFunction')],
  'require.extensions': [command('modules:extensions')],
  '__filename, __dirname, the wrapper': [command('modules:filenames')],
  'packages: symlinked, conditional, JSON, untraced': [command('modules:packages')],
  'circular requires': [command('modules:circular'), command('modules:circularOther')],
  'a registry written by who is required': [
    command('modules:registry'),
    command('modules:registry', '--a'),
    command('modules:registry', '--b'),
    command('modules:registry', '--a', '--b'),
  ],
  'exports mutated before another copies them': [command('modules:mutated'), command('modules:mutatedJson')],
  'a module that is evaluated at its first use': [
    command('lazy:used'),
    command('lazy:unused'),
    command('lazy:inspected'),
    command('lazy:inspectedBelow'),
    command('lazy:required'),
    command('lazy:alone'),
    command('lazy:replaced'),
    command('lazy:replacedBefore'),
    command('lazy:standsInCache'),
    command('lazy:deleted'),
    command('lazy:hooked'),
    command('lazy:imported'),
  ],
  'node:module': [command('modules:node')],
  'import() from baked, packed and own code': [
    command('imports:baked'),
    command('imports:packed'),
    command('imports:own'),
    command('imports:same'),
    command('imports:failing'),
    command('imports:failingStack'),
    command('imports:inEval'),
  ],
  'require of ES modules': [command('imports:required')],
  'what must not freeze: features, lists, natives, errors, listeners': [
    command('load:features'),
    command('load:builtins'),
    command('load:collator'),
    command('load:navigator'),
    command('before:navigator', 'load:navigator'),
    command('load:https'),
    command('load:error'),
    command('load:listener'),
    command('load:storage'),
    command('load:global'),
    command('load:prototype'),
    command('load:timer'),
    command('load:readsFile'),
    command('load:optional'),
  ],
  'values kept in the heap': [command('load:values')],
  'what differs between runs is live': [
    command('load:live'),
    { args: ['load:live'], cwd: '/' },
    command('load:reader'),
  ],
};
