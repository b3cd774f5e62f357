// How a process ends: codes, listeners, signals; and what else Node does that a restored heap could disturb.

import type { Cases } from './behaviour.js';

const commands = (...names: string[]) => names.map((name) => ({ args: [`ends:${name}`] }));
const exits = [[], ['0'], ['3'], ['255'], ['256'], ['-1']];
const killed = (name: string, signal: NodeJS.Signals) => ({ args: [`ends:${name}`], kill: { after: 'ready', signal } });

export const endingCases: Cases = {
  'process.exit': exits.map((codes) => ({ args: ['ends:exit', ...codes] })),
  'process.exitCode': [{ args: ['ends:exitCode', '4'] }, { args: ['ends:exitCode', '0'] }],
  'order of beforeExit, exit, ticks and timers': [
    { args: ['ends:order'] },
    { args: ['ends:order', '12'] },
    ...commands('exitInExit', 'throwInExit', 'awaitForever'),
  ],
  'SIGINT and its handlers': [killed('interrupted', 'SIGINT'), killed('waits', 'SIGINT')],
  'SIGTERM and its handlers': [killed('terminated', 'SIGTERM'), killed('waits', 'SIGTERM'), killed('rearm', 'SIGTERM')],
  'other signals': [
    killed('hangup', 'SIGHUP'),
    killed('waits', 'SIGHUP'),
    killed('user', 'SIGUSR2'),
    killed('waits', 'SIGKILL'),
  ],
  'death by its own hand': ['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGPIPE', 'SIGHUP'].map((name) => ({
    args: ['ends:kill', name],
  })),
  'Ctrl-C on a terminal': ['ends:interrupted', 'ends:waits'].map((name) => ({
    args: [name],
    terminal: { type: [{ after: 'ready', text: '\x03' }] },
  })),
  warnings: [...commands('warnings', 'leak'), { args: ['ends:warnings'], terminal: {} }],
  'memory and finalisation': commands('memory', 'finalise'),
  'built-ins after a restore': commands('abort', 'performance', 'dispose', 'network', 'zlib', 'dns', 'wasm'),
};
