import { effectRule } from '../rule.js';

export const stdStream = effectRule({
  code: 'HAZARD_STD_STREAM',
  sentence: 'The module touches a standard stream, or asks whether one is a terminal, while it loads.',
  advice: 'use the stream in the function that prints',
  kinds: ['std-stream'],
  does: 'touches',
});
