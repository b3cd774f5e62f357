import { effectRule } from '../rule.js';

export const featureTest = effectRule({
  code: 'HAZARD_FEATURE_TEST',
  sentence:
    'The module tests while it loads for a feature that a snapshot builder lacks, and would remember that it is missing.',
  advice: 'test where the feature is used',
  kinds: ['feature-test'],
  does: 'tests for',
});
