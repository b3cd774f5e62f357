import { effectRule } from '../rule.js';

export const envRead = effectRule({
  code: 'HAZARD_ENV_READ',
  sentence: 'The module reads an environment variable while it loads, and the value may differ in the next run.',
  advice: 'read the variable in the function that needs it',
  kinds: ['env-read'],
  does: 'reads the environment variable',
});
