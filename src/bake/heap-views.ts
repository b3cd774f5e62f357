// The second net (ARCHITECTURE.md): which objects outside of themselves do a program's modules change? The heap of a
// builder that has baked them is compared with that of one which has not, or has baked fewer of them. All that Node and
// the language have is compared, and what the modules that both have baked can reach.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BakePlan, PlannedModule } from '../../snapshot-entry/shared/bake-plan.cjs';
import { bundleScript } from '../target/bundle-script.js';
import type { Builder } from './builder-run.js';
import { closedSets, loadsOf } from './closed-sets.js';
import { culpritsAmong } from './culprits.js';
import { differencesBelow, type HeapDifference } from './heap-difference.js';
import { HeapGraph } from './heap-graph.js';
import { ofNode } from './heap-noise.js';

const VIEW = fileURLToPath(new URL('./heap-view.cjs', import.meta.url));
/** As of heap-view.cts. */
const ROOTS = '__v8snapHeapRoots';

interface View {
  readonly graph: HeapGraph;
  /** Node's own modules that were loaded. */
  readonly builtins: readonly string[];
}

export class HeapViews {
  readonly #builder: Builder;
  readonly #folder: string;

  constructor(builder: Builder) {
    this.#builder = builder;
    // Beside the builder's script is what that looks for.
    this.#folder = path.dirname(builder.script);
  }

  /** What the modules of `after` change of what all share, and of those that `before` has, too. */
  async changes(before: BakePlan, after: BakePlan): Promise<HeapDifference[]> {
    const modules = before.modules.map(({ file }) => file);
    const later = await this.#take(after, { builtins: [], modules });
    const earlier = await this.#take(before, { builtins: later.builtins, modules });
    const walk = { before: earlier.graph, after: later.graph, script: this.#script };
    return differencesBelow(ROOTS, walk).filter((difference) => !ofNode(difference));
  }

  /** The modules of a plan without which the others change nothing that all share. */
  culprits(plan: BakePlan): Promise<string[]> {
    const order = closedSets(plan.modules).flat();
    const none = { ...plan, modules: [] };
    return culpritsAmong(order, async (names) => {
      const modules = closedAmong(plan.modules, names);
      return (await this.changes(none, { ...plan, modules })).length === 0;
    });
  }

  get #script(): string {
    return path.join(this.#folder, 'heap-view.js');
  }

  async #take(
    plan: BakePlan,
    wanted: { readonly builtins: readonly string[]; readonly modules: readonly string[] },
  ): Promise<View> {
    const [out, asked] = [path.join(this.#folder, 'view.heap'), path.join(this.#folder, 'view.json')];
    const bake = await readFile(this.#builder.script, 'utf8');
    // A bake takes the arguments away.
    const text = `'use strict';const heapViewArguments=process.argv.slice(3);\n{${bake}}\n{${bundleScript(VIEW)}}`;
    await writeFile(this.#script, text, { mode: 0o600 });
    await writeFile(asked, JSON.stringify(wanted), { mode: 0o600 });
    await this.#builder.look(plan, this.#script, [out, asked]);
    const graph = new HeapGraph(await readFile(out, 'utf8'));
    const builtins = JSON.parse(await readFile(`${out}.builtins`, 'utf8')) as string[];
    await rm(out);
    return { graph, builtins };
  }
}

/** So many modules that need no others, or a few more: whole sets (closed-sets.ts). */
export function closedPrefix(modules: readonly PlannedModule[], count: number): PlannedModule[] {
  const wanted = new Set<string>();
  for (const files of closedSets(modules)) if (wanted.size < count) for (const file of files) wanted.add(file);
  return modules.filter(({ file }) => wanted.has(file));
}

/** Those of `names` that load nothing but each other. */
function closedAmong(modules: readonly PlannedModule[], names: readonly string[]): PlannedModule[] {
  const kept = new Set(names);
  const known = new Set(modules.map(({ file }) => file));
  const loads = loadsOf(modules);
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    for (const { file, needs } of loads) {
      if (needs.some((need) => known.has(need) && !kept.has(need))) kept.delete(file);
    }
  }
  return modules.filter(({ file }) => kept.has(file));
}
