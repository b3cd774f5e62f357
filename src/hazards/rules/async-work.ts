import { effectRule } from '../rule.js';

export const asyncWork = effectRule({
  code: 'HAZARD_ASYNC_WORK',
  sentence: 'The module leaves a timer, a promise reaction or a callback behind when its load ends.',
  advice: 'start the work in a function',
  kinds: ['async-work'],
  does: 'leaves work for later:',
});
