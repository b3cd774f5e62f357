import { effectRule } from '../rule.js';

export const builtinWrite = effectRule({
  code: 'HAZARD_BUILTIN_WRITE',
  sentence: 'The module changes a built-in module, constructor or prototype while it loads.',
  advice: 'wrap the built-in instead of changing it, or change it from the entry',
  kinds: ['builtin-write'],
  does: 'changes',
});
