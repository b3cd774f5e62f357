import type { Rule } from '../rule.js';

export const notEvaluated: Rule<'HAZARD_NOT_EVALUATED'> = {
  code: 'HAZARD_NOT_EVALUATED',
  sentence: 'The analysis did not see the module load, so nothing is known about it.',
  advice: 'none: the module is packed',
  find: ({ file, format, evaluated, effects, loadsFailed }) =>
    evaluated ||
    loadsFailed ||
    (format !== 'commonjs' && format !== 'json') ||
    effects.some(({ kind }) => kind === 'throws')
      ? []
      : [{ code: 'HAZARD_NOT_EVALUATED', message: 'was not evaluated to its end in the analysis', at: `${file}:1` }],
};
