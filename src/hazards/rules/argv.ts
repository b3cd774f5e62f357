import { effectRule } from '../rule.js';

export const argv = effectRule({
  code: 'HAZARD_ARGV',
  sentence: 'The module reads the command line while it loads.',
  advice: 'read process.argv in a function that the entry calls',
  kinds: ['argv'],
  does: 'reads',
});
