// Runs a program plainly, and with the modules that it loads rewritten by force: all statements that can be left out are,
// whether or not they have to.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SeenTouch } from '../../../src/graph/analysis.js';
import { instrument } from '../../../src/source/instrument.js';
import type { StaticFacts } from '../../../src/source/static-facts.js';
import type { Answer, Job } from './suite-child.js';
import { rewrite } from './texts.js';

const child = fileURLToPath(new URL('suite-child.js', import.meta.url));

export interface Shown {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface Suite {
  readonly entry: string;
  readonly args: readonly string[];
  /** The modules that are the program's, not the packages': they are not left waiting. */
  readonly isOwn: (file: string) => boolean;
  /** A folder for what the parent and the child tell each other. */
  readonly ground: string;
}

/** What one module can do without: indexes of its candidates. */
export type Deferred = ReadonlyMap<string, ReadonlySet<number>>;

export interface Forced {
  readonly shown: Shown;
  /** Statements that were left out. */
  readonly deferred: Deferred;
  /** How many of them were run. */
  readonly ran: number;
}

function start(entry: readonly string[]): Shown {
  const { stdout, stderr, status } = spawnSync(process.execPath, entry, { encoding: 'latin1', maxBuffer: 2 ** 28 });
  return { stdout, stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node:PID)'), code: status };
}

function runJob(suite: Suite, mode: Job['mode'], texts: ReadonlyMap<string, string>): Answer & { shown: Shown } {
  const [file, answer] = [join(suite.ground, 'job.json'), join(suite.ground, 'answer.json')];
  const job: Job = { entry: suite.entry, mode, texts: Object.fromEntries(texts), answer };
  writeFileSync(file, JSON.stringify(job));
  const shown = start([child, file, ...suite.args]);
  const told: Answer = JSON.parse(readFileSync(answer, 'utf8'));
  return { ...told, shown };
}

export function runPlainSuite({ entry, args }: Suite): Shown {
  return start([entry, ...args]);
}

/** The modules of a run whose texts can be rewritten, by file. */
export interface Modules {
  readonly sources: ReadonlyMap<string, string>;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  readonly instrumented: ReadonlyMap<string, string>;
}

/** ES modules are not loaded as scripts, and have no candidates. */
export function modulesOf(suite: Suite): Modules {
  const { loaded } = runJob(suite, 'record', new Map());
  const sources = new Map<string, string>();
  const facts = new Map<string, StaticFacts>();
  const instrumented = new Map<string, string>();
  for (const file of loaded) {
    const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const found = instrument(source);
    if (/^\s*(?:import|export)\b/m.test(source) || !found.facts.parsed) continue;
    sources.set(file, source);
    facts.set(file, found.facts);
    instrumented.set(file, found.code);
  }
  return { sources, facts, instrumented };
}

/** Every candidate, run where it stood. */
export function runInPlace(suite: Suite, { facts, sources }: Modules): Forced {
  const all = [...facts].map(([file, { candidates }]) => [file, indexesOf(candidates)] as const);
  return runDeferred(suite, 'in place', sources, new Map(all));
}

/** Every candidate that nothing else uses while modules are loaded, run when they are. */
export function runReplayed(suite: Suite, modules: Modules): Forced {
  const files = [...modules.sources.keys()].filter((file) => !suite.isOwn(file));
  const instrumented = new Map(files.map((file) => [file, modules.instrumented.get(file) ?? '']));
  const { touches } = runJob(suite, 'touches', instrumented);
  const facts = new Map([...modules.facts].filter(([file]) => !suite.isOwn(file)));
  const sources = new Map([...modules.sources].filter(([file]) => !suite.isOwn(file)));
  return runDeferred(suite, 'replayed', sources, allThatCanWait(facts, touches));
}

function runDeferred(suite: Suite, mode: Job['mode'], sources: ReadonlyMap<string, string>, deferred: Deferred) {
  const texts = new Map(
    [...sources].map(([file, source]) => [file, rewrite(source, deferred.get(file) ?? new Set()).text] as const),
  );
  const { shown, ran } = runJob(suite, mode, texts);
  return { shown, deferred, ran: ran.length };
}

function indexesOf(candidates: StaticFacts['candidates']): Set<number> {
  return new Set(candidates.map(({ index }) => index));
}

/** The largest set in which each statement that uses one of its names waits too, and each that one of it uses. */
export function allThatCanWait(facts: ReadonlyMap<string, StaticFacts>, touches: readonly SeenTouch[]): Deferred {
  const waits = new Map([...facts].map(([file, { candidates }]) => [file, indexesOf(candidates)]));
  const canWait = (file: string, index: number) => waits.get(file)?.has(index) === true;
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    const refuse = (file: string, index: number) => {
      if (waits.get(file)?.delete(index) === true) isSettled = false;
    };
    for (const { module, statement, owner, declaredBy } of touches) {
      if (!canWait(module, statement)) refuse(owner, declaredBy);
    }
    for (const [file, { candidates }] of facts) {
      for (const { index, needs } of candidates) if (!needs.every((need) => canWait(file, need))) refuse(file, index);
    }
  }
  return waits;
}
