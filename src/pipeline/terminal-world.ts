// The second world of an artifact: the same modules, evaluated as on a terminal. It is made where modules ask, at load,
// whether a stream is a terminal. It is kept where accelerated runs on a terminal were seen to be the same as plain
// ones; else the world of pipes serves terminals too, and modules that ask are loaded from their sources there.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { loadsOf, withDependents } from '../bake/closed-sets.js';
import { SnapError } from '../errors/snap-error.js';
import type { Guard } from '../graph/guard.js';
import { terminalFolder } from '../launch/index.js';
import { askedDescriptor } from '../plan/guards.js';
import { worldOf } from '../target/environment.js';
import { trainingEnvironment } from '../trace/training-run.js';
import { verifyConfirmed } from '../verify/confirm.js';
import { verifyOnTerminal } from '../verify/on-terminal.js';
import { noTerminal, runOnTerminal } from '../verify/terminal.js';
import type { WorldRuns } from './accelerate.js';
import { writeAcceleratedLauncher, writeTwoWorldsLauncher } from './assemble.js';
import {
  type MadeWorld,
  makeWorld,
  type PlannedWorld,
  planWorld,
  type TracedProgram,
  type World,
} from './make-world.js';

export interface TerminalOutcome {
  readonly terminal: MadeWorld | null;
  /** Why there is none. */
  readonly oneWorldReason: string | null;
  /** Whether a world of its own would be the other one again. */
  readonly isShared: boolean;
}

function none(oneWorldReason: string, isShared = false): TerminalOutcome {
  return { terminal: null, oneWorldReason, isShared };
}

/** What an emulator says of itself besides TERM; programs look for it on terminals only. */
const EMULATOR_VARIABLES = ['TERM_PROGRAM', 'TERM_PROGRAM_VERSION'];
/** What most emulators set; a build without a terminal has no TERM, or one that says that there is none. */
const USUAL_TERM = 'xterm-256color';

/** The variables that a builder of this world is given, and that the runs of a build have on its terminals. */
function terminalVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const emulator = EMULATOR_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const { TERM = '', ...known } = worldOf(env);
  return { ...known, ...Object.fromEntries(emulator), TERM: ['', 'dumb'].includes(TERM) ? USUAL_TERM : TERM };
}

const SHARED = 'no baked module asks whether a stream is a terminal';
const FEWER = 'as on a terminal, no more modules can be baked than those for pipes that fit there';

function descriptorsOf(guards: readonly Guard[]): number[] {
  return [...new Set(guards.flatMap((guard) => askedDescriptor(guard) ?? []))].sort();
}

/** How many modules are used as they were baked for pipes where the streams are terminals. */
export function usableOnTerminal({ bakePlan, accelerated }: Pick<MadeWorld, 'bakePlan' | 'accelerated'>): number {
  const baked = new Set(accelerated.baked);
  const modules = bakePlan.modules.filter(({ file }) => baked.has(file));
  const asking = new Set(bakePlan.guards.flatMap((guard, at) => (askedDescriptor(guard) === undefined ? [] : at)));
  const asked = modules
    .filter(({ guards }) => guards.some(({ position }) => asking.has(position)))
    .map(({ file }) => file);
  return modules.length - withDependents(loadsOf(modules), asked).size;
}

function terminalRuns(traced: TracedProgram, pipe: MadeWorld, planned: PlannedWorld): WorldRuns {
  const { target } = traced;
  const descriptors = descriptorsOf(planned.bakePlan.guards);
  return {
    env: { ...trainingEnvironment(traced.env), ...planned.variables },
    start: (command, args, options) => runOnTerminal([command, ...args], options),
    launch: (sizes) => writeTwoWorldsLauncher(pipe.folder, target, pipe.accelerated, { ...sizes, descriptors }),
    verify: (options, lines) => verifyConfirmed(lines, (some) => verifyOnTerminal(options, some, planned.variables)),
  };
}

function neverUsed({ accelerated }: MadeWorld): string[] {
  return accelerated.demotions.flatMap(({ code, file }) => (code === 'BAKE_NEVER_USED' ? file : []));
}

export function terminalOf({ env }: TracedProgram): Pick<World, 'isTerminal' | 'variables'> {
  return { isTerminal: true, variables: terminalVariables(env) };
}

async function tryTerminal(traced: TracedProgram, pipe: MadeWorld): Promise<TerminalOutcome> {
  const { env, cwd, timeoutMs, signal } = traced;
  const usable = usableOnTerminal(pipe);
  if (usable === pipe.accelerated.baked.length) return none(SHARED, true);
  const missing = await noTerminal({ cwd, env: trainingEnvironment(env), timeoutMs, signal });
  if (missing !== null) return none(`nothing could be compared on a terminal: ${missing}`);
  const world = { ...terminalOf(traced), folder: path.join(pipe.folder, terminalFolder) };
  await mkdir(world.folder, { mode: 0o755 });
  const planned = await planWorld(traced, world);
  const isMore = (baked: number): boolean => baked > usable && descriptorsOf(planned.bakePlan.guards).length > 0;
  if (!isMore(planned.plan.order.length)) return none(FEWER);
  const terminal = await makeWorld(traced, planned, terminalRuns(traced, pipe, planned), neverUsed(pipe));
  if (!terminal.accelerated.isSame) return none('its accelerated runs on a terminal differ from plain ones');
  if (!isMore(terminal.accelerated.baked.length)) return none(FEWER);
  return { terminal, oneWorldReason: null, isShared: false };
}

/**
 * What went wrong on purpose, in any area, is why there is no second world: the first one is whole without it. Anything
 * else is a mistake of ours, or the end of the build (`AbortError`), and ends the build as everywhere.
 */
export function withoutWorld(error: unknown): TerminalOutcome {
  if (error instanceof SnapError) return none(error.message);
  throw error;
}

/** Does not fail for what a program does on a terminal, nor for what cannot be made there. */
export async function makeTerminalWorld(traced: TracedProgram, pipe: MadeWorld): Promise<TerminalOutcome> {
  const outcome = await tryTerminal(traced, pipe).catch(withoutWorld);
  if (outcome.terminal !== null) return outcome;
  await rm(path.join(pipe.folder, terminalFolder), { recursive: true, force: true });
  await writeAcceleratedLauncher(pipe.folder, traced.target, pipe.accelerated);
  return outcome;
}
