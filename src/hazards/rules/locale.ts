import { effectRule } from '../rule.js';

export const locale = effectRule({
  code: 'HAZARD_LOCALE',
  sentence: 'The module uses the locale or the time zone while it loads.',
  advice: 'create the formatter at first use',
  kinds: ['locale'],
  does: 'depends on the locale or time zone by',
});
