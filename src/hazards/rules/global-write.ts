import { effectRule } from '../rule.js';

export const globalWrite = effectRule({
  code: 'HAZARD_GLOBAL_WRITE',
  sentence: 'The module changes a global while it loads.',
  advice: 'export the value instead',
  kinds: ['global-write'],
  does: 'changes',
});
