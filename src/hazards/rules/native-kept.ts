import { effectRule } from '../rule.js';

export const nativeKept = effectRule({
  code: 'HAZARD_NATIVE_KEPT',
  sentence:
    'The module keeps an object that a snapshot cannot hold: one with a native handle, or, from Node 26 on, a Date.',
  advice: 'create the object at first use',
  kinds: ['native-kept'],
  does: 'keeps',
});
