import { effectRule } from '../rule.js';

export const network = effectRule({
  code: 'HAZARD_NETWORK',
  sentence: 'The module uses the network while it loads.',
  advice: 'connect in the function that needs it',
  kinds: ['network'],
  does: 'uses the network:',
});
