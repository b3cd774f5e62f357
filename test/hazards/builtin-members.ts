// No setting of a built-in may be changed by a load without being charged: every member of every built-in that looks like
// one is called, or assigned to, by a module of its own. What a version of Node adds is found by its name and its shape.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import type { Graph } from '../../src/graph/types.js';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { rules } from '../../src/hazards/index.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { MAJORS, nodeFor, programOf } from './graph-of.js';

t.setTimeout(600_000);

interface Member {
  readonly builtin: string;
  readonly holder: readonly string[];
  readonly keys: readonly string[];
  readonly kind: 'call' | 'accessor' | 'data';
}

/** They change nothing but the object that they are given, or nothing that a program sees. */
const JUDGED: Readonly<Record<string, string>> = {
  'events.addAbortListener': 'the signal that is given',
  'stream.addAbortSignal': 'the stream that is given',
  'readline.clearLine': 'the stream that is given',
  'readline.clearScreenDown': 'the stream that is given',
  'readline.emitKeypressEvents': 'the stream that is given',
  'readline/promises.clearLine': 'the stream that is given',
  'timers.clearTimeout': 'the timer that is given',
  'timers.clearInterval': 'the timer that is given',
  'timers.clearImmediate': 'the timer that is given',
  'worker_threads.markAsUncloneable': 'the object that is given',
  'worker_threads.markAsUntransferable': 'the object that is given',
  'util.markPromiseAsHandled': 'the promise that is given',
  'sys.markPromiseAsHandled': 'the promise that is given',
  'inspector.console.clear': 'the console of a debugger; runs with one are plain',
};

/** Not settings: what is loaded, and the environment, whose every member is judged by its name alone. */
const LEFT_OUT = ['moduleLoadList', 'env'];

const FIND = `
const SETTER = /^_?(?:set|start|stop|enable|disable|register|unregister|subscribe|unsubscribe|install|init|reset|clear|mark|define|configure|override|attach|detach|take|flush|sync|toggle|activate|deactivate|load|setup|add|remove|emit|use)(?=[A-Z_]|$)/;
const { builtinModules, isBuiltin } = require('module');
const schemed = ['sea', 'sqlite', 'test', 'test/reporters'].filter((name) => isBuiltin('node:' + name));
const names = new Set([...builtinModules, ...schemed].map((name) => name.replace('node:', '')).filter((name) => !/^_/.test(name)));
const OF_FUNCTIONS = ['length', 'name', 'prototype', 'arguments', 'caller'];
const found = [], seen = new Set([globalThis]), leftOut = JSON.parse(process.argv[1]);
function walk(builtin, object, holder) {
  if (object === null || !/object|function/.test(typeof object) || seen.has(object) || holder.length > 3) return;
  seen.add(object);
  const data = [];
  for (const key of Object.getOwnPropertyNames(object)) {
    if (key === 'constructor' || leftOut.includes(key) || (typeof object === 'function' && OF_FUNCTIONS.includes(key))) continue;
    const { get, set, value, writable } = Object.getOwnPropertyDescriptor(object, key);
    if (set) found.push({ builtin, holder, keys: [key], kind: 'accessor' });
    else if (typeof value === 'function' && SETTER.test(key)) found.push({ builtin, holder, keys: [key], kind: 'call' });
    else if (writable) data.push(key);
    let member = value;
    try { if (get) member = object[key]; } catch {}
    walk(builtin, member, [...holder, key]);
  }
  if (data.length > 0) found.push({ builtin, holder, keys: data.slice(0, 3), kind: 'data' });
}
for (const name of names) {
  let exports;
  try { exports = require('node:' + name); } catch { continue; }
  walk(name, exports, []);
}
require('fs').writeSync(1, JSON.stringify(found));
process.exit(0);`;

function membersOf(node: string): Member[] {
  const options = { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] as ('ignore' | 'pipe')[] };
  const found: Member[] = JSON.parse(
    String(execFileSync(node, ['--no-warnings', '-e', FIND, JSON.stringify(LEFT_OUT)], options)),
  );
  // What holds others is replaced after these were changed.
  return found.sort((a, b) => b.holder.length - a.holder.length);
}

function nameOf({ builtin, holder, keys }: Member): string {
  return [builtin, ...holder, keys[0]].join('.');
}

/** Arguments of many kinds: one call is to come through. */
const ARGUMENTS =
  "[[], [1], [true], ['x'], [false, 77], [() => {}], [{}], [{}, () => {}], [1, 2], ['x', 'y'], [['x']]]";
/** Others than what Node takes for them would change nothing. */
const VALUES: Readonly<Record<string, string>> = { exitCode: '1', defaultOptions: '{ depth: 0 }' };
const OTHER =
  "typeof was === 'number' ? was + 1 : typeof was === 'boolean' ? !was : typeof was === 'string' ? was + 'x' : typeof was === 'function' ? () => {} : {}";

function sourceOf({ builtin, holder, keys, kind }: Member): string {
  const start = `const holder = require('node:${builtin}')${holder.map((key) => `[${JSON.stringify(key)}]`).join('')};`;
  const [key = ''] = keys;
  if (kind === 'call')
    return `${start} for (const args of ${ARGUMENTS}) try { holder[${JSON.stringify(key)}](...args) } catch {}`;
  const values = `const was = holder[key]; holder[key] = ${VALUES[key] ?? OTHER};`;
  return `${start} for (const key of ${JSON.stringify(keys)}) try { ${values} } catch {}`;
}

/** Nothing of it is run plainly: it would end or hang. */
function graphOf(entry: string, files: readonly string[]): Graph {
  const modules = [entry, ...files].map((file, order) => {
    const loads = file === entry ? files.map((target) => ({ request: target, target })) : [];
    const shape = { format: 'commonjs' as const, bytes: 1, selfMs: 0, totalMs: 0, lines: [0], writesBefore: [] };
    return { ...shape, file, order, loads, parent: file === entry ? null : entry };
  });
  return { entry, entryFormat: 'commonjs', runs: [], modules, resolutions: [], writes: [] };
}

for (const major of MAJORS) {
  t.test(`members of built-ins on Node ${major}`, async (t) => {
    const node = nodeFor(major);
    const members = membersOf(node.path);
    const names = members.map((_member, index) => `member-${index}.js`);
    const program = programOf(Object.fromEntries(members.map((member, index) => [names[index], sourceOf(member)])));
    t.teardown(() => program.remove());
    const files = names.map((name) => path.join(program.folder, name));
    const graph = graphOf(program.entry, files);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 300_000, workDir: program.folder });
    const verdicts = new Map(makePlan({ graph, analysis, facts }).modules.map(({ file, verdict }) => [file, verdict]));
    for (const kind of ['call', 'accessor', 'data'] as const) {
      const baked = members.filter((one, index) => one.kind === kind && verdicts.get(files[index] ?? '') === 'baked');
      t.ok(members.filter((one) => one.kind === kind).length > 20, `there are members of this kind: ${kind}`);
      const unjudged = baked.map(nameOf).filter((name) => JUDGED[name] === undefined);
      t.same(unjudged, [], `whoever changes one is not baked: ${kind}`);
    }
    const writes = rules.filter(({ code }) => code !== 'HAZARD_BUILTIN_WRITE');
    const without = makePlan({ graph, analysis, facts, rules: writes }).modules.filter(
      ({ verdict }) => verdict === 'baked',
    );
    t.ok(without.length > 50, 'without the rule many are');
    const hidden = analysis.effects.filter(({ subject }) => subject.startsWith('node:internal/'));
    t.ok(hidden.length > 10, 'state that no property shows is read', { hidden: hidden.length });
  });
}
