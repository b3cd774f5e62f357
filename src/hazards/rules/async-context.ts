import { effectRule } from '../rule.js';

export const asyncContext = effectRule({
  code: 'HAZARD_ASYNC_CONTEXT',
  sentence:
    'The module sets, reads or remembers the asynchronous context while it loads: that of a build is empty, and ends with it.',
  advice: 'make an AsyncLocalStorage at load, and use it in functions',
  kinds: ['async-context'],
  does: 'uses',
});
