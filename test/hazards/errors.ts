// A module that looks at the stack of an error while it loads, through whatever door, or at what a failed request says of
// the run, is packed, for that reason alone; one that looks at what is alike in all runs is baked.
import path from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { rules } from '../../src/hazards/index.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { PlannedVerdict } from '../../src/plan/types.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

/** Code that has `error`, one that was caught. */
const STACKS: Readonly<Record<string, string>> = {
  member: 'exports.found = error.stack;',
  pattern: 'const { stack } = error; exports.found = stack;',
  'renamed in a pattern': 'const { stack: text } = error; exports.found = text;',
  'pattern of a parameter': 'exports.found = (({ stack }) => stack)(error);',
  'pattern of an assignment': 'let text; ({ stack: text } = error); exports.found = text;',
  'pattern of a loop': 'for (const { stack } of [error]) exports.found = stack;',
  'computed name': "exports.found = error[['st', 'ack'].join('')];",
  'optional chain': 'exports.found = { error }?.error.stack;',
  Reflect: "exports.found = Reflect.get(error, 'stack');",
  descriptor:
    "const { get, value } = Object.getOwnPropertyDescriptor(error, 'stack'); exports.found = get ? get.call(error) : value;",
  inspect: "exports.found = require('util').inspect({ error });",
  format: "exports.found = require('util').format('%o', error);",
  clone: 'exports.found = Object.values(Object.getOwnPropertyDescriptors(structuredClone(error))).length;',
  serialize: "exports.found = require('v8').serialize(error).length;",
  with: 'with (error) exports.found = stack;',
  'error within another': "exports.found = require('util').inspect(new AggregateError([error], 'some'));",
  DOMException: "exports.found = new DOMException('x')['st' + 'ack'];",
};

const KEPT: Readonly<Record<string, string>> = {
  'the error': 'exports.found = error;',
  'in a closure': 'exports.found = () => error;',
  'as a cause': "exports.found = { inner: new Error('outer', { cause: error }) };",
  DOMException: "exports.found = new DOMException('x');",
  'an aborted signal': 'exports.found = AbortSignal.abort();',
};

/** Code that has `error`, of a request for a package that is not there. */
const REQUESTS: Readonly<Record<string, string>> = {
  message: 'exports.found = /Cannot find/.test(error.message);',
  'message by a pattern': 'const { message } = error; exports.found = message;',
  text: 'exports.found = String(error);',
  requireStack: 'exports.found = error.requireStack.length;',
  json: 'exports.found = JSON.stringify(error);',
  copy: 'exports.found = { ...error };',
  assign: 'exports.found = Object.assign({}, error);',
  descriptor: "exports.found = Object.getOwnPropertyDescriptor(error, 'message').value;",
  'reflected descriptor': "exports.found = Reflect.getOwnPropertyDescriptor(error, 'requireStack').value;",
  descriptors: 'exports.found = Object.keys(Object.getOwnPropertyDescriptors(error));',
};

/** Messages that name no parents are the same in all runs. */
const ALIKE: Readonly<Record<string, string>> = {
  'nothing of it': "try { require('nope'); } catch {}",
  'its code': "try { require('nope'); } catch (error) { if (error.code !== 'MODULE_NOT_FOUND') throw error; }",
  'its class':
    "try { require('@scope/nope'); } catch (error) { exports.found = [error instanceof Error, error.name]; }",
  'its keys': "try { require('./nope'); } catch (error) { exports.found = Object.keys(error); }",
  'closed exports':
    "try { require('locked/package.json'); } catch (error) { exports.found = [error.code, error.message]; }",
  'a target outside': "try { require('locked/outside'); } catch (error) { exports.found = String(error); }",
  'an unknown import': "try { require('#nope'); } catch (error) { exports.found = [error.message, error.code]; }",
  'a main that is gone':
    "try { require('no-main'); } catch (error) { exports.found = [error.path, error.requestPath]; }",
  'an unknown built-in': "try { require('node:nope'); } catch (error) { exports.found = [error.code, error.message]; }",
  'text of another error':
    'try { null.x; } catch (error) { exports.found = [String(error), error.name, Object.keys(error)]; }',
  'a class of errors': "exports.Own = class Own extends Error {}; exports.found = new exports.Own('x').message;",
  'stacks of its own': 'const { stack } = { stack: [] }; stack.push(1); exports.found = { stack }.stack;',
};

const PACKAGES = {
  'package.json': '{ "name": "fixture", "imports": { "#known": "./known.js" } }',
  'node_modules/locked/package.json': '{ "name": "locked", "exports": { ".": "./i.js", "./outside": "../o.js" } }',
  'node_modules/no-main/package.json': '{ "name": "no-main", "main": "gone.js" }',
};

const caughtError = (code: string) => `try { null.x; } catch (error) { ${code} }\n`;
const failedRequest = (code: string) => `try { require('nope'); } catch (error) { ${code} }\n`;

interface Row {
  readonly what: string;
  readonly text: string;
  /** Undefined: it is baked. */
  readonly rule: string | undefined;
}

function rowsOf(
  table: Readonly<Record<string, string>>,
  kind: string,
  wrap: (code: string) => string,
  rule?: string,
): Row[] {
  return Object.entries(table).map(([what, code]) => ({ what: `${kind}: ${what}`, text: wrap(code), rule }));
}

const ROWS: readonly Row[] = [
  ...rowsOf(STACKS, 'a stack', caughtError, 'HAZARD_STACK'),
  ...rowsOf(KEPT, 'an error is kept', caughtError, 'HAZARD_ERROR_KEPT'),
  ...rowsOf(REQUESTS, 'a failed request', failedRequest, 'HAZARD_LOADER_READ'),
  ...rowsOf(ALIKE, 'alike', (code) => `${code}\n`),
];

t.setTimeout(120_000);

/** There a copy of an error reads its stack, and `%o` tests for a late member of patterns. */
const ALSO_ON_NODE_20 = ['HAZARD_STACK', 'HAZARD_FEATURE_TEST'];

type Verdicts = (off: readonly string[]) => PlannedVerdict | undefined;

function check(t: Test, { what, rule }: Row, major: number, verdicts: Verdicts): void {
  const { verdict, code } = verdicts([]) ?? {};
  if (rule === undefined) {
    t.equal(verdict, 'baked', what, { ...verdicts([]) });
    return;
  }
  const all = major === 20 ? [rule, ...ALSO_ON_NODE_20] : [rule];
  t.equal(verdict, 'packed', what);
  t.ok(all.includes(code ?? ''), `${what}: ${code}`);
  t.equal(verdicts(all)?.verdict, 'baked', `${what}: for that reason alone`, { ...verdicts(all) });
}

for (const major of MAJORS) {
  t.test(`errors at load, Node ${major}`, async (t) => {
    const files = Object.fromEntries(ROWS.map(({ text }, index) => [`${index}.js`, text]));
    const program = programOf({ ...PACKAGES, ...files });
    const node = nodeFor(major);
    try {
      const graph = graphOf(program.entry, node.path);
      const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
      for (const [index, row] of ROWS.entries()) {
        const module = path.join(program.folder, `${index}.js`);
        check(t, row, major, (off) => {
          const active = rules.filter(({ code }) => !off.includes(code));
          return makePlan({ graph, analysis, facts, rules: active }).modules.find(({ file }) => file === module);
        });
      }
    } finally {
      program.remove();
    }
  });
}
