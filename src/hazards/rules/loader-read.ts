import { effectRule } from '../rule.js';

export const loaderRead = effectRule({
  code: 'HAZARD_LOADER_READ',
  sentence: 'The module reads what the loader has loaded so far, which depends on the run.',
  advice: 'read it in the function that needs it',
  kinds: ['loader-read'],
  does: 'reads',
});
