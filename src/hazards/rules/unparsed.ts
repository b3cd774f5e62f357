import type { Rule } from '../rule.js';

export const unparsed: Rule<'HAZARD_UNPARSED'> = {
  code: 'HAZARD_UNPARSED',
  sentence: 'The text of the module, or one that it evaluates while it loads, could not be analysed.',
  advice: 'split very deeply nested expressions; write functions down instead of making them from texts',
  find: ({ file, text, effects }) => [
    ...(text && !text.parsed
      ? [{ code: 'HAZARD_UNPARSED', message: 'its text could not be analysed', at: `${file}:1` }]
      : []),
    ...effects
      .filter(({ kind }) => kind === 'made-code')
      .map(({ subject, at }) => ({ code: 'HAZARD_UNPARSED', message: `evaluates ${subject} at load`, at })),
  ],
};
