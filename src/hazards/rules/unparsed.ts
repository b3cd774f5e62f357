import type { Rule } from '../rule.js';

export const unparsed: Rule<'HAZARD_UNPARSED'> = {
  code: 'HAZARD_UNPARSED',
  sentence: 'The text of the module could not be analysed.',
  advice: 'split very deeply nested expressions',
  find: ({ file, text }) =>
    text && !text.parsed
      ? [{ code: 'HAZARD_UNPARSED', message: 'its text could not be analysed', at: `${file}:1` }]
      : [],
};
