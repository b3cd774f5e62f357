// What keeps each of the known hazards out of a snapshot, shown on the real packages that have them: with all rules the
// module is not baked as it is; without the rules that are named here it would be; and without all of them but one it
// would not, so that each is needed. Whole programs over the same packages: test/cli/cases/hazards.ts.
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import type { Analysis } from '../../src/graph/analysis.js';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { rules } from '../../src/hazards/index.js';
import type { Habits } from '../../src/plan/guards.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { PlannedVerdict } from '../../src/plan/types.js';
import { type Instrumented, instrument } from '../../src/source/instrument.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

const corpus = path.resolve('perf/corpus/hazards/node_modules');
const isInstalled = existsSync(corpus);
const installed = isInstalled ? realpathSync(corpus) : corpus;

interface Row {
  readonly hazard: string;
  /** Below node_modules. */
  readonly file: string;
  /** Each finds something in the module, or in what it needs at load. */
  readonly rules: readonly string[];
  /** These do so on some versions of Node only. */
  readonly onSome?: readonly string[];
}

const protectedByRules: readonly Row[] = [
  { hazard: 'stacks', file: 'depd/index.js', rules: ['HAZARD_PROCESS_STATE'] },
  {
    hazard: 'colours and terminals',
    file: 'supports-color/index.js',
    rules: ['HAZARD_ARGV', 'HAZARD_ENV_READ', 'HAZARD_STD_STREAM'],
  },
  {
    hazard: 'colours and terminals',
    file: 'chalk/source/index.js',
    rules: ['HAZARD_ARGV', 'HAZARD_ENV_READ', 'HAZARD_STD_STREAM'],
  },
  {
    hazard: 'chosen by the environment',
    file: 'debug/src/node.js',
    rules: ['HAZARD_ARGV', 'HAZARD_ENV_ENUMERATE', 'HAZARD_ENV_READ', 'HAZARD_STD_STREAM'],
  },
  { hazard: 'chosen by the environment', file: 'semver/internal/debug.js', rules: ['HAZARD_ENV_READ'] },
  { hazard: 'continuous integration', file: 'ci-info/index.js', rules: ['HAZARD_ENV_READ'] },
  { hazard: 'home and XDG folders', file: 'xdg-basedir/index.js', rules: ['HAZARD_ENV_READ', 'HAZARD_OS'] },
  {
    hazard: 'the temporary folder',
    file: 'temp-dir/index.js',
    rules: ['HAZARD_FILE_OUTSIDE', 'HAZARD_GLOBAL_WRITE', 'HAZARD_OS'],
  },
  { hazard: 'identity', file: 'cuid/lib/fingerprint.js', rules: ['HAZARD_OS', 'HAZARD_PROCESS_STATE'] },
  { hazard: 'identity', file: 'bson/lib/bson.cjs', rules: ['HAZARD_FEATURE_TEST', 'HAZARD_RANDOM'] },
  { hazard: 'two copies', file: 'graphql/jsutils/instanceOf.js', rules: ['HAZARD_ENV_READ'] },
  {
    hazard: 'hooks',
    file: 'require-in-the-middle/index.js',
    rules: ['HAZARD_ARGV', 'HAZARD_ENV_ENUMERATE', 'HAZARD_ENV_READ', 'HAZARD_STD_STREAM'],
  },
  {
    hazard: 'native handles',
    file: 'fast-levenshtein/levenshtein.js',
    rules: ['HAZARD_LOCALE', 'HAZARD_NATIVE_KEPT'],
  },
  { hazard: 'native handles', file: 'node-fetch/lib/index.js', rules: ['HAZARD_BUILTIN'] },
  { hazard: 'native handles', file: 'ws/lib/websocket.js', rules: ['HAZARD_BUILTIN'], onSome: ['HAZARD_ENV_READ'] },
  {
    hazard: 'absent in a builder',
    file: 'builtin-modules/index.js',
    rules: ['HAZARD_BUILTIN_LIST', 'HAZARD_PROCESS_STATE'],
  },
  {
    hazard: 'absent in a builder',
    file: 'undici/lib/dispatcher/client-h1.js',
    rules: ['HAZARD_ASYNC_WORK', 'HAZARD_BUILTIN', 'HAZARD_BUILTIN_WRITE', 'HAZARD_ENV_READ', 'HAZARD_FEATURE_TEST'],
  },
  { hazard: 'stacks', file: 'bindings/bindings.js', rules: ['HAZARD_ENV_READ'] },
  { hazard: 'secrets', file: 'systeminformation/lib/util.js', rules: ['HAZARD_ENV_ENUMERATE', 'HAZARD_ENV_READ'] },
];

/** Analysed apart: they change process or built-ins, which would be a reason against whatever reads these. */
const changersProtectedByRules: readonly Row[] = [
  {
    hazard: 'native handles',
    file: 'signal-exit/index.js',
    rules: ['HAZARD_PROCESS_STATE', 'HAZARD_PROCESS_WRITE'],
  },
  {
    hazard: 'the working folder',
    file: 'graceful-fs/polyfills.js',
    rules: ['HAZARD_ENV_READ', 'HAZARD_PROCESS_STATE', 'HAZARD_PROCESS_WRITE'],
    onSome: ['HAZARD_BUILTIN_WRITE'],
  },
  {
    hazard: 'stacks',
    file: 'bluebird/js/release/bluebird.js',
    rules: ['HAZARD_BUILTIN_WRITE', 'HAZARD_ENV_READ', 'HAZARD_ERROR_KEPT', 'HAZARD_STACK', 'HAZARD_STD_STREAM'],
    onSome: ['HAZARD_FEATURE_TEST', 'HAZARD_FOREIGN_WRITE', 'HAZARD_PROCESS_STATE'],
  },
];

/** Hazards of calls, not of loads. No rule is about them: a launched program meets Node's own loader, argv and flags. */
const bakedAsTheyAre: readonly string[] = [
  'commander/index.js',
  'import-fresh/index.js',
  'require-main-filename/index.js',
  'callsites/index.js',
  'is-core-module/index.js',
];

t.setTimeout(300_000);

/** What becomes of a module, and of all that its load leads to. */
interface Judgement {
  readonly module: PlannedVerdict | undefined;
  readonly closure: readonly PlannedVerdict[];
}

/** Not baked; or baked with something that is compared at launch before it, or what it needs, is used. */
function isProtected({ module, closure }: Judgement): boolean {
  return module?.verdict !== 'baked' || closure.some(({ guards }) => guards.length > 0);
}

const known = new Map<string, Instrumented>();

/** One instrumentation for all versions of Node. */
function instrumentOnce(source: string): Instrumented {
  const answer = known.get(source) ?? instrument(source);
  known.set(source, answer);
  return answer;
}

/** Judges a file, with some rules switched off, in a program whose usual runs are as `habits` says. */
type Judge = (file: string, off?: readonly string[], habits?: Habits) => Judgement;

/** The file, and what its load leads to. */
function closureOf(file: string, { loads }: Analysis): ReadonlySet<string> {
  const closure = new Set([file]);
  for (const member of closure) for (const { module, target } of loads) if (module === member) closure.add(target);
  return closure;
}

async function analysed(major: number, files: readonly string[]): Promise<Judge> {
  const requests = files.map((file) => `try { require(${JSON.stringify(path.join(installed, file))}) } catch {}`);
  const program = programOf({ 'entry.js': requests.join('\n') });
  const node = nodeFor(major);
  try {
    const graph = graphOf(program.entry, node.path);
    const options = { graph, node, timeoutMs: 120_000, workDir: program.folder, instrumented: instrumentOnce };
    const { analysis, facts } = await analyseProgram(options);
    return (name, off = [], habits) => {
      const active = rules.filter(({ code }) => !off.includes(code));
      const usual = habits === undefined ? {} : { habits };
      const { modules } = makePlan({ graph, analysis, facts, rules: active, ...usual });
      const file = path.join(installed, name);
      const closure = closureOf(file, analysis);
      const module = modules.find((planned) => planned.file === file);
      return { module, closure: modules.filter((planned) => closure.has(planned.file)) };
    };
  } finally {
    program.remove();
  }
}

/** Nothing is set, nothing is given: guards hold in such runs, so modules may be baked under them. */
const bareRuns: Habits = { env: {}, lines: [[]] };

function checkRow(t: Test, judge: Judge, { file, rules: needed, onSome = [] }: Row): void {
  const all = [...needed, ...onSome];
  t.not(judge(file).module?.verdict, 'baked', 'not baked', { ...judge(file).module });
  t.ok(isProtected(judge(file, [], bareRuns)), 'not baked without a guard', { ...judge(file, [], bareRuns).module });
  const unprotected = judge(file, all);
  t.notOk(isProtected(unprotected), 'baked without its rules', { ...unprotected.module });
  for (const code of needed) {
    t.ok(
      rules.some((rule) => rule.code === code),
      `${code} is a rule`,
    );
    const others = all.filter((other) => other !== code);
    t.ok(isProtected(judge(file, others)), `${code} alone protects it`);
    t.ok(isProtected(judge(file, others, bareRuns)), `${code} alone protects it, or puts a guard before it`);
  }
}

for (const major of MAJORS) {
  t.test(`rules switched off, Node ${major}`, { skip: !isInstalled && 'the corpus is not installed' }, async (t) => {
    const judge = await analysed(major, [...protectedByRules.map(({ file }) => file), ...bakedAsTheyAre]);
    const judgeChangers = await analysed(
      major,
      changersProtectedByRules.map(({ file }) => file),
    );
    for (const row of protectedByRules) t.test(`${row.hazard}: ${row.file}`, async (t) => checkRow(t, judge, row));
    for (const row of changersProtectedByRules) {
      t.test(`${row.hazard}: ${row.file}`, async (t) => checkRow(t, judgeChangers, row));
    }
    for (const file of bakedAsTheyAre) t.equal(judge(file).module?.verdict, 'baked', `${file} is baked`);
  });
}
