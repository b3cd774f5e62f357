import type { Rule } from '../rule.js';

export const foreignWrite: Rule<'HAZARD_FOREIGN_WRITE'> = {
  code: 'HAZARD_FOREIGN_WRITE',
  sentence: 'The module changes variables or objects that belong to another module while it loads.',
  advice: 'register with the other module from the entry, or keep the state in this module',
  find: ({ effects, mayChange, file }) =>
    effects
      .filter(
        ({ kind, owner }) => kind === 'foreign-write' && !(owner !== undefined && owner !== file && mayChange(owner)),
      )
      .map(({ subject, owner, at }) => ({
        code: 'HAZARD_FOREIGN_WRITE',
        message: `changes ${subject} of ${owner === undefined || owner === file ? 'its own after its load' : owner}`,
        at,
      })),
};
