// Runs a program by both paths and compares all that a user can see. Plain Node is the oracle; nothing is expected by
// hand. Both runs have SNAP_DEBUG=1, which plain Node does not know: the launcher's line says which path it took, since
// a comparison that silently ran plain twice proves nothing.

import { createHash } from 'node:crypto';
import type { Test } from 'tap';
import type { Target } from './build.js';
import { type Environment, type Input, type RunOptions, type RunResult, run } from './run.js';
import { withoutFramesBelow } from './stacks.js';
import { runOnTerminal, type Terminal } from './terminal.js';

export interface Case {
  readonly args: readonly string[];
  readonly env?: Environment;
  readonly cwd?: string;
  readonly stdin?: Input;
  readonly terminal?: Terminal;
  /** Sent to the process once its stdout holds `after`. */
  readonly kill?: { readonly after: string; readonly signal: NodeJS.Signals };
  /** What differs between two plain runs, e.g. durations. Process ids of warnings are always masked. */
  readonly mask?: readonly (readonly [pattern: RegExp, by: string])[];
  /** Called before each run: puts the working folder back to its first state. */
  readonly reset?: () => void;
  /** Called after each run: what it left behind, compared as text. */
  readonly collect?: () => string;
  /** Which path the launcher has to take; `either` where a Node version may decide. */
  readonly path?: 'accelerated' | 'plain' | 'either';
  readonly timeoutMs?: number;
  readonly launcher?: string;
  readonly plainEntry?: string;
}

export interface Seen extends RunResult {
  readonly left: string;
}

async function runCase(target: Target, test: Case, command: string, args: readonly string[], extra: Environment) {
  test.reset?.();
  let killed = false;
  const options: RunOptions = {
    env: { ...target.env, ...test.env, ...extra },
    cwd: test.cwd ?? target.ground,
    timeoutMs: test.timeoutMs ?? 60_000,
    stdin: test.stdin,
    onOutput: (soFar, child) => {
      if (killed || test.kill === undefined || !soFar.includes(test.kill.after)) return;
      killed = true;
      child.kill(test.kill.signal);
    },
  };
  const result = await (test.terminal === undefined
    ? run(command, args, options)
    : runOnTerminal(command, args, test.terminal, options));
  return { ...result, left: test.collect?.() ?? '' };
}

export function runPlain(target: Target, test: Case): Promise<Seen> {
  const entry = test.plainEntry ?? target.plainEntry ?? target.entry;
  return runCase(target, test, 'node', [entry, ...test.args], {});
}

export function runAccelerated(target: Target, test: Case, extra: Environment = {}): Promise<Seen> {
  return runCase(target, test, test.launcher ?? target.launcher, test.args, extra);
}

/** Keeps a difference of megabytes readable; the hash keeps the comparison exact. */
function digest(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, 2000)}\n… ${text.length} characters, sha256 ${hash} …\n${text.slice(-2000)}`;
}

/** A name that V8 made up for a function of Node's own: Node 22 loses it in any snapshot whose builder used node:vm. */
const inferredName = /(at (?:async )?)onImport\.tracePromise\.__proto__ \((node:[^)\s]+)\)/g;

function normalise(target: Target, test: Case, text: string): string {
  // The outputs are bytes as latin1, and so must the name be that is looked for.
  const entry = Buffer.from(target.entry).toString('latin1');
  let result = withoutFramesBelow(entry, text)
    .replace(/\(node:\d+\)/g, '(node:PID)')
    // Node 20 has a second call, five lines above, for import() of code that was compiled through node:vm.
    .replace(/(importModuleDynamicallyCallback\s+\(node:internal\/modules\/esm\/utils):\d+:\d+\)/g, '$1)')
    .replace(inferredName, '$1$2');
  for (const [pattern, by] of test.mask ?? []) result = result.replaceAll(pattern, by);
  return result.length > 200_000 ? digest(result) : result;
}

/** What is compared of a run. */
export function visible(target: Target, test: Case, seen: Seen) {
  const { code, signal, timedOut, left } = seen;
  const stdout = normalise(target, test, seen.stdout);
  return { stdout, stderr: normalise(target, test, seen.stderr), code, signal, timedOut, left };
}

const debugText = /^snap: (?:accelerated|plain)[^\r\n]*\r?\n/;

/** Takes out the line that SNAP_DEBUG=1 adds, which comes before all else; a terminal shows it on its one stream. */
function splitDebugLine(seen: Seen): { line: string; rest: Seen } {
  for (const name of ['stderr', 'stdout'] as const) {
    const found = debugText.exec(seen[name])?.[0];
    if (found !== undefined) return { line: found.trim(), rest: { ...seen, [name]: seen[name].slice(found.length) } };
  }
  return { line: '(SNAP_DEBUG=1 printed no line)', rest: seen };
}

/** The launcher's own words on its path: `snap: accelerated …` or `snap: plain: …`. */
export async function debugLine(target: Target, test: Case): Promise<string> {
  return splitDebugLine(await runAccelerated(target, test, { SNAP_DEBUG: '1' })).line;
}

/** Runs plain, then by the launcher, by the path that the case names. Returns what plain showed. */
export async function compare(t: Test, target: Target, test: Case, label?: string): Promise<Seen> {
  const what = label ?? (test.args.join(' ') || '(no arguments)');
  const debugged = { ...test, env: { ...test.env, SNAP_DEBUG: '1' } };
  const plain = await runPlain(target, debugged);
  const { line, rest } = splitDebugLine(await runAccelerated(target, debugged));
  t.equal(plain.timedOut, false, `${what}: plain ends`);
  t.same(visible(target, test, rest), visible(target, test, plain), `${what}: as plain`);
  const path = test.path ?? 'accelerated';
  const expected = path === 'either' ? /^snap: (accelerated|plain)/ : new RegExp(`^snap: ${path}`);
  t.match(line, expected, `${what}: by ${path === 'either' ? 'either' : `the ${path}`} path`);
  return plain;
}

/** Without SNAP_DEBUG, as users run it: nothing is added, and nothing else depends on it. */
export async function compareSilent(t: Test, target: Target, test: Case): Promise<void> {
  const plain = visible(target, test, await runPlain(target, test));
  t.same(visible(target, test, await runAccelerated(target, test)), plain, `${test.args.join(' ')}: silently as plain`);
}
