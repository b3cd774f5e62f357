import { effectRule } from '../rule.js';

export const processState = effectRule({
  code: 'HAZARD_PROCESS_STATE',
  sentence:
    'The module asks the process for something that differs between runs: its id, folder, user, title, uptime or handles.',
  advice: 'ask in the function that needs it',
  kinds: ['process-read', 'process-call'],
  does: 'uses',
});
