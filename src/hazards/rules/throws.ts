import { effectRule } from '../rule.js';

export const throws = effectRule({
  code: 'HAZARD_THROWS',
  sentence: 'The module did not load to its end in the analysis.',
  advice: 'see the reason given',
  kinds: ['throws'],
  does: 'does not load here:',
});
