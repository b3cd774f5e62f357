import { effectRule } from '../rule.js';

export const processWrite = effectRule({
  code: 'HAZARD_PROCESS_WRITE',
  sentence: 'The module changes a member of process while it loads.',
  advice: 'leave process alone, or do it from the entry',
  kinds: ['process-write'],
  does: 'changes',
});
