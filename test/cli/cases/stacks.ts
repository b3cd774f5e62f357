// Errors: text, frames, codes, and how a process ends by them.

import type { Cases } from './behaviour.js';

const commands = (...names: string[]) => names.map((name) => ({ args: [`stacks:${name}`] }));

export const stackCases: Cases = {
  'stack of an error thrown in a baked, packed, symlinked function': commands('baked', 'packed', 'linked'),
  'stack of a module that fails while it loads': commands('atLoad', 'uncaughtAtLoad'),
  'a require that fails': commands('missing', 'missingUncaught'),
  'a syntax error in a required file': commands('syntax', 'syntaxUncaught', 'json'),
  'source maps that the program turns on': commands('sourceMaps', 'sourceMapsLate'),
  'uncaught exceptions': commands(
    'uncaught',
    'uncaughtPacked',
    'uncaughtBelow',
    'uncaughtAsync',
    'uncaughtTick',
    'uncaughtValue',
  ),
  'errors with a cause, aggregate errors': commands('uncaughtCause', 'aggregate'),
  'unhandled rejections': commands('rejection', 'rejectionValue', 'rejectionHandler', 'rejectionLate'),
  'handlers of uncaught exceptions': commands('handler', 'monitor'),
  'asynchronous stacks': commands('async'),
  'call sites': commands('callSites'),
  'Error.stackTraceLimit, captureStackTrace': commands('limit', 'capture', 'overflow'),
  'eval, Function, vm': commands('evaluated', 'evaluatedPacked', 'evaluatedBelow'),
  'errors and functions as text': commands('inspect', 'functions'),
  'on a terminal': ['stacks:inspect', 'stacks:uncaught', 'stacks:rejection', 'stacks:syntaxUncaught'].map((name) => ({
    args: [name],
    terminal: {},
  })),
};
