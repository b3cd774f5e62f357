import { effectRule } from '../rule.js';

export const unsnapshotableBuiltin = effectRule({
  code: 'HAZARD_BUILTIN',
  sentence: 'The module loads a built-in that cannot live in a snapshot of this Node.',
  advice: 'require the built-in in the function that uses it',
  kinds: ['unsnapshotable-builtin'],
  does: 'needs',
});
