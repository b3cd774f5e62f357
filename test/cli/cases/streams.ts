// Standard streams, terminals and child processes.

import type { Case } from '../harness/compare.js';
import type { Cases } from './behaviour.js';

const commands = (...names: string[]) => names.map((name) => ({ args: [name] }));
const text = { text: 'first line\nsecond line\n' };
const inputs = [
  { stdin: text },
  { stdin: { text: 'x'.repeat(300_000) } },
  { stdin: 'empty' },
  { stdin: 'null' },
  { stdin: 'closed' },
] as const;
const readers = [
  'streams:cat',
  'streams:sync',
  'streams:iterate',
  'streams:readline',
  'streams:unread',
  'streams:kinds',
];
const redirects = ['', '</dev/null', '| cat', '>/dev/null', '2>&1 | cat'];

const colours: readonly Readonly<Record<string, string>>[] = [
  {},
  { TERM: 'dumb' },
  { COLORTERM: 'truecolor' },
  { NO_COLOR: '1' },
  { FORCE_COLOR: '3' },
  { FORCE_COLOR: '0' },
  { CI: 'true', GITHUB_ACTIONS: '1' },
  { TERM: 'screen', TMUX: 'x' },
];

export const streamCases: Cases = {
  'stdin: piped, long, empty, null, closed': readers.flatMap((name) =>
    inputs.map((input) => ({ args: [name], ...input })),
  ),
  'stdout and stderr': [
    ...commands('streams:both', 'streams:console', 'streams:colours', 'streams:big', 'streams:resize'),
    { args: ['streams:big', 'exit'] },
  ],
  'a terminal: kinds of streams': [
    ...redirects.map((redirect) => ({ args: ['streams:kinds'], terminal: { redirect } })),
    { args: ['streams:kinds'], terminal: { errorsToFile: true } },
    { args: ['streams:both'], terminal: { errorsToFile: true } },
  ],
  'a terminal: its size': [40, 200].map((columns) => ({ args: ['streams:kinds'], terminal: { columns, rows: 10 } })),
  'colours in a pipe': colours.map((env) => ({ args: ['streams:colours'], env })),
  'colours on a terminal': colours.map((env) => ({ args: ['streams:colours'], env, terminal: {} })),
  'a terminal: typed input': [
    { args: ['streams:question'], terminal: { type: [{ after: 'name?', text: 'somebody\r' }] } },
    { args: ['streams:raw'], terminal: { type: [{ after: 'press>', text: 'k' }] } },
    { args: ['streams:keys'], terminal: { type: [{ after: 'key>', text: '\x1b[A' }] } },
    { args: ['streams:cat'], terminal: { redirect: '</dev/null' } },
  ],
  'a pipe whose reader leaves': [{ args: ['streams:broken'], terminal: { redirect: '| head -c 5' } }],
  'child_process.fork': [
    { args: ['children:fork', 'a', '--b'] },
    ...commands('children:forkMain', 'children:forkArguments', 'children:cluster'),
  ],
  'sockets, and what is handed on of them': commands(
    ...['tcp', 'pipe', 'handed', 'serverHanded', 'http2', 'crypto'].map((name) => `sockets:${name}`),
  ),
  'spawning process.execPath': [
    ...commands('children:spawn', 'children:inherit', 'children:async'),
    { args: ['children:stdin'], stdin: text },
  ],
};

/** For an artifact that was trained with workers, and for one that was not. */
export const workerCases: readonly Case[] = commands(
  ...['file', 'evaluated', 'module', 'fails', 'builtins'].map((name) => `workers:${name}`),
);
