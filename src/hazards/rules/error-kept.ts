import { effectRule } from '../rule.js';

export const errorKept = effectRule({
  code: 'HAZARD_ERROR_KEPT',
  sentence: 'The module keeps an Error that it created while it loaded: its stack shows the builder.',
  advice: 'create the error where it is thrown',
  kinds: ['error-kept'],
  does: 'keeps an Error in',
});
