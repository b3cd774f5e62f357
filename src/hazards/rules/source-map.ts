import type { Rule } from '../rule.js';

export const sourceMap: Rule<'HAZARD_SOURCE_MAP'> = {
  code: 'HAZARD_SOURCE_MAP',
  sentence: 'The program runs with source maps enabled, and the source map of a baked module is not registered.',
  advice: 'drop --enable-source-maps, or ship the module without a source map',
  find: ({ file, text, sourceMaps }) =>
    sourceMaps && text?.sourceMap
      ? [{ code: 'HAZARD_SOURCE_MAP', message: 'has a source map, and source maps are enabled', at: `${file}:1` }]
      : [],
};
