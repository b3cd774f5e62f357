import { effectRule } from '../rule.js';

export const spawn = effectRule({
  code: 'HAZARD_SPAWN',
  sentence: 'The module starts a process or a thread while it loads.',
  advice: 'start it in the function that needs it',
  kinds: ['spawn'],
  does: 'starts a process or thread:',
});
