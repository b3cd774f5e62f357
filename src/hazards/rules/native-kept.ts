import { effectRule } from '../rule.js';

export const nativeKept = effectRule({
  code: 'HAZARD_NATIVE_KEPT',
  sentence: 'The module keeps an object with a native handle, which a snapshot cannot hold.',
  advice: 'create the object at first use',
  kinds: ['native-kept'],
  does: 'keeps',
});
