// Packages known to misbehave when they are evaluated ahead of time, installed as they are: each must be judged, by the
// right rule, on every Node version. And packages that do nothing of the kind must be left alone.
import { existsSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { Guard } from '../../snapshot-entry/shared/bake-plan.cjs';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

const installed = path.resolve('perf/corpus/hazards/node_modules');

/** The file, below node_modules, and the code that it must be packed for. */
const hazardous: readonly (readonly [file: string, code: string])[] = [
  ['chalk/source/index.js', 'PLAN_NEEDS_UNBAKED'],
  ['supports-color/index.js', 'HAZARD_ARGV'],
  ['debug/src/node.js', 'HAZARD_ENV_ENUMERATE'],
  ['ci-info/index.js', 'HAZARD_ENV_READ'],
  ['graceful-fs/polyfills.js', 'HAZARD_PROCESS_WRITE'],
  ['graceful-fs/graceful-fs.js', 'HAZARD_BUILTIN_WRITE'],
  ['xdg-basedir/index.js', 'HAZARD_ENV_READ'],
  ['cuid/lib/fingerprint.js', 'HAZARD_OS'],
  ['cuid/index.js', 'PLAN_NEEDS_UNBAKED'],
  ['require-in-the-middle/index.js', 'HAZARD_STD_STREAM'],
  ['depd/index.js', 'HAZARD_PROCESS_STATE'],
  ['signal-exit/index.js', 'HAZARD_PROCESS_STATE'],
  ['proper-lockfile/lib/lockfile.js', 'HAZARD_FOREIGN_WRITE'],
  ['fast-levenshtein/levenshtein.js', 'HAZARD_LOCALE'],
  ['bindings/bindings.js', 'HAZARD_ENV_READ'],
];
/**
 * Named among the hazards of earlier tools, which gave baked code a loader of their own. Here a baked module keeps
 * Node's, and at load these read nothing that differs between runs.
 */
const harmless: readonly string[] = [
  'import-fresh/index.js',
  'is-core-module/index.js',
  'ms/index.js',
  'color-name/index.js',
  'resolve-from/index.js',
  'commander/index.js',
];
/** Baked where the program's usual runs have none of the variables, flags and terminals that they ask for. */
const guarded: readonly (readonly [file: string, guard: Partial<Guard>])[] = [
  ['supports-color/index.js', { kind: 'env-unset', name: 'FORCE_COLOR' }],
  ['supports-color/index.js', { kind: 'no-terminal', fd: 1 }],
  ['supports-color/index.js', { kind: 'argv-without', word: '--color' }],
  ['debug/src/node.js', { kind: 'env-none', test: 'key => {\n\treturn /^debug_/i.test(key);\n}' }],
  ['debug/src/node.js', { kind: 'env-unset', name: 'DEBUG' }],
  ['ci-info/index.js', { kind: 'env-unset', name: 'CI' }],
];

const requests = [
  ...hazardous.map(([file]) => file),
  ...harmless,
  'color-convert/index.js',
  'cosmiconfig',
  'jest-worker',
];

for (const major of MAJORS) {
  t.test(`packages on Node ${major}`, { skip: !existsSync(installed) && 'the corpus is not installed' }, async (t) => {
    const all = requests.map((request) => `try { require(${JSON.stringify(path.join(installed, request))}) } catch {}`);
    const program = programOf({ 'entry.js': all.join('\n') });
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const plan = makePlan({ graph, analysis, facts });
    const verdictOf = (file: string) => plan.modules.find((module) => module.file === path.join(installed, file));
    for (const [file, code] of hazardous) {
      const found = verdictOf(file);
      t.equal(found?.verdict, 'packed', `${file} is packed`);
      const codes = [found?.code, ...(found?.evidence ?? []).map((finding) => finding.code)];
      t.ok(codes.includes(code), `${file} for ${code}`, { codes });
    }
    // What it changes of its own parts is never seen without it.
    t.match(verdictOf('color-convert/conversions.js')?.heads, [/color-convert.index\.js$/]);
    const eased = makePlan({ graph, analysis, facts, habits: { env: {}, lines: [['--version']] } });
    for (const [file, guard] of guarded) {
      const found = eased.modules.find((module) => module.file === path.join(installed, file));
      t.equal(found?.verdict, 'baked', `${file} is baked under guards`, { ...found });
      const held = found?.guards.some((one) => JSON.stringify(one.guard) === JSON.stringify(guard)) ?? false;
      t.ok(held, `${file}: ${JSON.stringify(guard)}`, { guards: found?.guards });
    }
    for (const file of harmless) t.equal(verdictOf(file)?.verdict, 'baked', `${file} is baked`, { ...verdictOf(file) });
  });
}
