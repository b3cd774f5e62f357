// What compilers make of ES modules: real output of each, in each of its ways to import. All that requires waits but what
// it exports again at load, and does then what it does plainly.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as swc from '@swc/core';
import t, { type Test } from 'tap';
import { ts } from 'ts-morph';
import { candidatesOf } from '../../src/source/candidates.js';
import { instrument } from '../../src/source/instrument.js';
import { SourceText } from '../../src/source/source-text.js';
import { corpus } from '../cli/harness/corpus.js';
import { repository } from '../cli/harness/places.js';
import { plainly, rewritten } from './harness/compare.js';
import { type Done, runInstrumented, runPlain } from './harness/evaluate.js';
import { rewrite } from './harness/texts.js';
import { movedTokens } from './harness/tokens.js';

const SOURCE = `import only from 'default';
import * as space from 'namespace';
import first, * as both from 'both';
import second, { value as renamed, say } from 'mixed';
import third from 'default-esm';
import * as fourth from 'namespace-esm';
import 'effect';
export { list } from 'again';
export * from 'all';
export * as inner from 'all-named';
let calls = 0;
export const use = () => [
  ++calls, only.say(1), space.value, space.say(2), both.value, both.default === first, second.value, renamed, say(3),
  third.value, fourth.default.value,
];
export class Used extends Object { [\`m\${calls}\`](x = space.say(4)) { return [x, typeof space.make]; } }
export default function named() { return new Used().m0(); }
`;

/** What a decorator uses is used at load: it cannot wait. */
const DECORATED = `${SOURCE}
const marked = (label) => (target) => { probe(label, both.value, typeof target); };
@marked('class') export class Marked { @marked('method') method() { return [space.value, only.value]; } }
`;

const EXPORTED = ['use', 'default', 'list', 'inner', 'value', 'use'];

/** Compiles, and the requests that stay where they are: what is exported again is assigned, or copied, at load. */
type Compiler = readonly [compile: () => string | Promise<string>, kept: readonly string[]];

function withTypeScript(options: ts.CompilerOptions, source = SOURCE): string {
  const common = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2020, esModuleInterop: true };
  return ts.transpileModule(source, { compilerOptions: { ...common, ...options } }).outputText;
}

function withSwc(target: swc.JscTarget): string {
  return swc.transformSync(SOURCE, { swcrc: false, jsc: { target }, module: { type: 'commonjs' } }).code;
}

interface Babel {
  transformSync(source: string, options: object): { readonly code: string };
}

function installed(name: string): NodeJS.Require {
  return createRequire(join(repository, 'perf', 'corpus', name, 'package.json'));
}

function withBabel(targets: object): string {
  const require = installed('babel');
  const preset = [require.resolve('@babel/preset-env'), { targets, modules: 'commonjs' }];
  const babel: Babel = require('@babel/core');
  return babel.transformSync(SOURCE, { configFile: false, babelrc: false, presets: [preset] }).code;
}

function withEsbuild(): string {
  const esbuild: { transformSync(source: string, options: object): { readonly code: string } } =
    installed('esbuild')('esbuild');
  return esbuild.transformSync(SOURCE, { format: 'cjs', platform: 'node' }).code;
}

interface Rollup {
  rollup(options: object): Promise<{ generate(options: object): Promise<{ output: readonly { code: string }[] }> }>;
}

async function withRollup(interop: string): Promise<string> {
  const { rollup }: Rollup = installed('esbuild')('rollup');
  const own = { name: 'source', resolveId: (id: string) => (id === 'x' ? id : null), load: () => SOURCE };
  const bundle = await rollup({ input: 'x', external: (id: string) => id !== 'x', plugins: [own], onwarn() {} });
  const { output } = await bundle.generate({ format: 'cjs', interop, exports: 'named' });
  return output[0]?.code ?? '';
}

const compilers: Readonly<Record<string, Compiler>> = {
  TypeScript: [() => withTypeScript({}), ['all', 'all-named']],
  'TypeScript without interop': [() => withTypeScript({ esModuleInterop: false }), ['all', 'all-named']],
  'TypeScript for old engines': [() => withTypeScript({ target: ts.ScriptTarget.ES5 }), ['all', 'all-named']],
  'TypeScript, decorators': [() => withTypeScript({}, DECORATED), ['all', 'all-named']],
  'TypeScript, decorators before the standard': [
    () => withTypeScript({ experimentalDecorators: true }, DECORATED),
    ['all', 'all-named'],
  ],
  'swc, decorators': [
    () =>
      swc.transformSync(DECORATED, {
        swcrc: false,
        jsc: { target: 'es2020', parser: { syntax: 'typescript', decorators: true } },
        module: { type: 'commonjs' },
      }).code,
    ['all'],
  ],
  Babel: [() => withBabel({ node: 18 }), []],
  'Babel for old engines': [() => withBabel({ ie: 11 }), []],
  swc: [() => withSwc('es2020'), ['all']],
  'swc for old engines': [() => withSwc('es5'), ['all']],
  esbuild: [withEsbuild, ['all']],
  rollup: [() => withRollup('default'), []],
  'rollup, auto': [() => withRollup('auto'), []],
  'rollup, esModule': [() => withRollup('esModule'), []],
  'rollup, compat': [() => withRollup('compat'), []],
};

/** Of the statements that require at the top of the file, those that are no candidates. */
function keptRequests(code: string): string[] {
  const source = new SourceText(code);
  const { file } = source;
  const waiting = new Set(candidatesOf(source).map(({ index }) => index));
  const kept = file.statements.flatMap((statement, index) => {
    const [, request] = /\brequire\(["'](.*?)["']\)/.exec(statement.getText(file)) ?? [];
    return request === undefined || waiting.has(index) || ts.isFunctionDeclaration(statement) ? [] : [request];
  });
  return [...new Set(kept)];
}

function textsOf(done: readonly Done[]): readonly string[] {
  return done.map(({ text }) => text);
}

function check(t: Test, code: string, kept: readonly string[]): void {
  t.same(keptRequests(code), kept, 'what requires waits');
  const { code: instrumented, facts } = instrument(code);
  t.same(textsOf(runInstrumented(instrumented).done), textsOf(runPlain(code).done), 'the analysis sees what is done');
  // Names of what is exported are used at load by some: that these wait is for the plan to refuse.
  const touched = new Set(runInstrumented(instrumented).touches.map(({ declaredBy }) => declaredBy));
  const needed = new Set(facts.candidates.flatMap(({ index, needs }) => (touched.has(index) ? needs : [])));
  const chosen = facts.candidates
    .map(({ index }) => index)
    .filter((index) => !touched.has(index) && !needed.has(index));
  const deferred = new Set(chosen);
  t.ok(deferred.size >= 5, `${deferred.size} statements wait`);
  t.same(movedTokens(code, deferred, rewrite(code, deferred)), [], 'places');
  t.same(rewritten(code, deferred, EXPORTED), plainly(code, deferred, EXPORTED), 'effects');
}

for (const [name, [compile, kept]] of Object.entries(compilers)) {
  t.test(`what ${name} writes`, async (t) => {
    if (corpus(t, 'babel') === undefined || corpus(t, 'esbuild') === undefined) return;
    const code = await compile();
    check(t, code, kept);
    if (!t.passing()) t.comment(code);
  });
}
