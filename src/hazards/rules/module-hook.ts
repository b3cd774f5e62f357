import { effectRule } from '../rule.js';

export const moduleHook = effectRule({
  code: 'HAZARD_MODULE_HOOK',
  sentence: 'The module changes the module loader or loads through it directly while it loads.',
  advice: 'install hooks from the entry; use require',
  kinds: ['module-hook', 'create-require'],
  does: 'works on the module loader:',
});
