import { effectRule } from '../rule.js';

export const nativeKept = effectRule({
  code: 'HAZARD_NATIVE_KEPT',
  sentence:
    'The module keeps what a snapshot cannot hold: an object with a native handle, memory that threads share, a weak reference to what nothing else keeps, an open file, or, from Node 26 on, a Date.',
  advice: 'create the object at first use',
  kinds: ['native-kept'],
  does: 'keeps',
});
