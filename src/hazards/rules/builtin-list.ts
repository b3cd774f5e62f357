import { effectRule } from '../rule.js';

export const builtinList = effectRule({
  code: 'HAZARD_BUILTIN_LIST',
  sentence: 'The module reads the list of built-in modules, which is empty in a snapshot builder.',
  advice: 'read the list where it is used, or call isBuiltin',
  kinds: ['builtin-list'],
  does: 'reads',
});
