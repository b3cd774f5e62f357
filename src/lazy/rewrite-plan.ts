// The texts that are baked instead of the files': those of modules with deferred statements.
import { readFile } from 'node:fs/promises';
import type { RewrittenSource } from '../../snapshot-entry/bake-plan.cjs';
import type { Plan } from '../plan/types.js';
import { rewrite } from './rewrite.js';

export async function rewritePlan(plan: Plan): Promise<Map<string, RewrittenSource>> {
  const chosen = plan.modules.filter(({ deferred }) => deferred.length > 0);
  const texts = await Promise.all(
    chosen.map(async ({ file, deferred }) => {
      const source = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
      const loading = deferred.filter(({ loadsFiles }) => loadsFiles).map(({ index }) => index);
      const rewritten = rewrite(source, new Set(deferred.map(({ index }) => index)));
      return [file, { ...rewritten, loading }] as const;
    }),
  );
  return new Map(texts);
}
