import { effectRule } from '../rule.js';

export const fileOutside = effectRule({
  code: 'HAZARD_FILE_OUTSIDE',
  sentence: 'The module reads files outside its own package while it loads.',
  advice: 'read the file in the function that needs it',
  kinds: ['file-outside'],
  does: 'reads',
});
