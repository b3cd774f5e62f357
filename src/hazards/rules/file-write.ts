import { effectRule } from '../rule.js';

export const fileWrite = effectRule({
  code: 'HAZARD_FILE_WRITE',
  sentence: 'The module changes the file system while it loads.',
  advice: 'write in the function that needs it',
  kinds: ['file-write'],
  does: 'writes files:',
});
