import { effectRule } from '../rule.js';

export const dynamicImport = effectRule({
  code: 'HAZARD_IMPORT',
  sentence: 'The module calls import() while it loads.',
  advice: 'call import() in a function',
  kinds: ['import'],
  does: 'calls',
});
