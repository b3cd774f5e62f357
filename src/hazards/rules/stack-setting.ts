import { effectRule } from '../rule.js';

export const stackSetting = effectRule({
  code: 'HAZARD_STACK',
  sentence:
    'The module changes how stacks are captured, or looks at one, while it loads: frames and settings differ in a snapshot.',
  advice: 'look at stacks in the function that needs them',
  kinds: ['stack-setting'],
  does: 'uses stack traces:',
});
