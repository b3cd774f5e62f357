import { effectRule } from '../rule.js';

export const processListener = effectRule({
  code: 'HAZARD_PROCESS_LISTENER',
  sentence: 'The module adds or removes listeners of the process while it loads.',
  advice: 'add the listener from the entry',
  kinds: ['process-listener'],
  does: 'calls',
});
