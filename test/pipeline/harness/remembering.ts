// A cache in memory.
import type { ContentCache } from '../../../src/cache/content-cache.js';

export function remembering(): ContentCache & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept,
    get: async (key) => kept.get(key),
    put: async (key, value) => {
      kept.set(key, value);
    },
  };
}
