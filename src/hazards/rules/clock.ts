import { effectRule } from '../rule.js';

export const clock = effectRule({
  code: 'HAZARD_CLOCK',
  sentence: 'The module reads a clock while it loads; the answer would be the time of the build.',
  advice: 'read the clock in the function that needs it',
  kinds: ['clock'],
  does: 'reads the clock by',
});
