import { effectRule } from '../rule.js';

export const random = effectRule({
  code: 'HAZARD_RANDOM',
  sentence: 'The module takes random values while it loads; every run would share them.',
  advice: 'make the value in the function that needs it',
  kinds: ['random'],
  does: 'takes randomness from',
});
