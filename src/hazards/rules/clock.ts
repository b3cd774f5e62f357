import type { Rule } from '../rule.js';

export const clock: Rule<'HAZARD_CLOCK'> = {
  code: 'HAZARD_CLOCK',
  sentence: 'The module reads a clock while it loads; the answer would be the time of the build.',
  advice: 'read the clock in the function that needs it',
  find: ({ effects, isComparedReading }) =>
    effects
      .filter(({ kind, at }) => kind === 'clock' && !isComparedReading(at))
      .map(({ subject, at }) => ({ code: 'HAZARD_CLOCK', message: `reads the clock by ${subject} at load`, at })),
};
