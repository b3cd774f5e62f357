import { effectRule } from '../rule.js';

export const envEnumerate = effectRule({
  code: 'HAZARD_ENV_ENUMERATE',
  sentence:
    "The module lists or copies the environment while it loads: the copy would carry the build's variables, secrets included.",
  advice: 'read single variables where they are needed',
  kinds: ['env-enumerate'],
  does: 'lists or copies',
});
