import { effectRule } from '../rule.js';

export const os = effectRule({
  code: 'HAZARD_OS',
  sentence: 'The module asks the operating system about this machine or user while it loads.',
  advice: 'ask in the function that needs it',
  kinds: ['os'],
  does: 'asks',
});
