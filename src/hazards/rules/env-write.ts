import { effectRule } from '../rule.js';

export const envWrite = effectRule({
  code: 'HAZARD_ENV_WRITE',
  sentence: 'The module changes the environment while it loads, which is undone when a snapshot starts.',
  advice: 'set the variable from the entry of the program',
  kinds: ['env-write'],
  does: 'changes the environment variable',
});
