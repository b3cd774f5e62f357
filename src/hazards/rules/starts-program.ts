import { effectRule } from '../rule.js';

export const startsProgram = effectRule({
  code: 'HAZARD_STARTS_PROGRAM',
  sentence: 'The module prints or ends the process while it loads: it is a program, not a library.',
  advice: 'export a function and call it from the entry',
  kinds: ['exit', 'output'],
  does: 'acts like a program:',
});
