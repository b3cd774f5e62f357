// A real program: built once per node in a working folder, then run by both paths over command lines; all that it
// writes there is compared too.

import { join } from 'node:path';
import t, { type Test } from 'tap';
import { build, type Target, verdictsOf } from '../harness/build.js';
import { type Case, compare } from '../harness/compare.js';
import { corpus } from '../harness/corpus.js';
import { type Files, listing, refill } from '../harness/files.js';
import { type NodeName, nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import type { Environment } from '../harness/run.js';
import { hasTerminal } from '../harness/terminal.js';

/** The full list of cases runs on this node; the others run the first few, which keeps CI within its time. */
const thorough: NodeName = 'v24';
const fewCases = 5;

export interface RealProgram {
  /** A folder of perf/corpus, or `samples`. */
  readonly corpus: string;
  /** The entry, relative to that folder. */
  readonly entry: string;
  readonly train?: readonly string[];
  /** The working folder: given the corpus folder, its files. Every run starts with exactly these. */
  readonly files?: (corpus: string) => Files;
  readonly env?: Environment;
  readonly mask?: Case['mask'];
  /** Those that matter most first: the nodes that are not tested thoroughly run five. */
  readonly cases: readonly Case[];
  /**
   * The nodes, if not all. A program that takes long to build runs on Node 24 and one other: each version has several
   * programs then, and CI keeps within its time.
   */
  readonly on?: readonly NodeName[];
  readonly buildTimeoutMs?: number;
  /** On Node 24, at least this share of the modules that the training lines load is baked. */
  readonly bakedShare?: number;
}

export async function realProgram(program: RealProgram): Promise<void> {
  t.setTimeout(1_400_000);
  const folder = corpus(t, program.corpus);
  if (folder === undefined) return;
  for (const node of nodes(t, program.on)) {
    await t.test(`${program.entry}, Node ${node.name}`, async (t) => {
      const work = join(scratch(t, 'work'), 'project');
      const files = program.files?.(folder) ?? {};
      refill(work, files);
      const target = await build(t, node, {
        entry: join(folder, program.entry),
        cwd: work,
        train: program.train,
        env: program.env,
        timeoutMs: program.buildTimeoutMs ?? 600_000,
      });
      if (node.name === thorough && program.bakedShare !== undefined) checkShare(t, target, program.bakedShare);
      const terminal = hasTerminal(t);
      for (const test of node.name === thorough ? program.cases : program.cases.slice(0, fewCases)) {
        if (test.terminal !== undefined && !terminal) continue;
        await compare(t, target, {
          ...test,
          cwd: join(work, test.cwd ?? ''),
          mask: [...(program.mask ?? []), ...(test.mask ?? [])],
          reset: () => refill(work, files),
          collect: () => listing(work),
        });
      }
    });
  }
}

function checkShare(t: Test, target: Target, share: number): void {
  const verdicts = verdictsOf(target);
  const baked = verdicts.filter((verdict) => verdict === 'baked').length;
  t.ok(baked >= share * verdicts.length, `${baked} of ${verdicts.length} modules are baked, ${share} of them at least`);
}
