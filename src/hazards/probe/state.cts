// Who is being evaluated, and what was charged to whom. Every trap of the probe ends here.

import type { Guard } from '../../../snapshot-entry/shared/bake-plan.cjs';
import type { EffectKind } from '../../graph/effects.cjs';
import * as safe from './saved.cjs';
import type { PlannedModule, SeenEffect, SeenInput, SeenLoad, SeenRead, SeenTouch, SeenUse } from './shapes.cjs';

export const effects: SeenEffect[] = [];
export const inputs: SeenInput[] = [];
export const reads: SeenRead[] = [];
export const loads: SeenLoad[] = [];
export const touches: SeenTouch[] = [];
export const uses: SeenUse[] = [];

/** The modules under evaluation, innermost last. Empty: nobody is charged. */
export const stack: PlannedModule[] = [];
/** Of each module on the stack: the deferrable statement that it is running, or NO_STATEMENT. */
const statements: number[] = [];
/** And the last one that has ended. */
const ended: number[] = [];
export const NO_STATEMENT = -1;
export const known = new safe.SafeMap<string, PlannedModule>();
const seen = new safe.SafeSet<string>();
let muted = 0;

export function current(): PlannedModule | undefined {
  return muted > 0 || stack.length === 0 ? undefined : stack[stack.length - 1];
}

/** Runs the probe's own or Node's internal work without charging anyone. */
export function quietly<T>(work: () => T): T {
  muted++;
  try {
    return work();
  } finally {
    muted--;
  }
}

export interface Frame {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
}

/** `file:line` of the innermost of these frames that belongs to a traced module. V8 has none while it writes a stack. */
export function placeIn(frames: readonly Frame[] | string, fallback: string): string {
  for (let i = 0; typeof frames !== 'string' && i < frames.length; i++) {
    const file = frames[i]?.getFileName();
    if (typeof file === 'string' && known.has(file)) return `${file}:${frames[i]?.getLineNumber() ?? 1}`;
  }
  return `${fallback}:1`;
}

function whereNow(fallback: string): string {
  const limit = safe.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const prepare = safe.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const holder: { stack?: readonly Frame[] | string } = {};
  safe.defineProperty(Error, 'stackTraceLimit', { value: 30, writable: true, configurable: true });
  safe.defineProperty(Error, 'prepareStackTrace', {
    value: (_error: unknown, frames: readonly Frame[]) => frames,
    writable: true,
    configurable: true,
  });
  try {
    safe.captureStackTrace(holder);
    return placeIn(holder.stack ?? [], fallback);
  } finally {
    restore('stackTraceLimit', limit);
    restore('prepareStackTrace', prepare);
  }
}

function restore(key: string, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor) safe.defineProperty(Error, key, descriptor);
  else safe.deleteProperty(Error, key);
}

export function pushModule(module: PlannedModule): void {
  stack[stack.length] = module;
  statements[stack.length - 1] = NO_STATEMENT;
  ended[stack.length - 1] = NO_STATEMENT;
}

export function popModule(): void {
  stack.length -= 1;
}

/** Only the module on top of the stack runs its own top level. */
export function enterStatement(index: number): void {
  if (stack.length === 0) return;
  if (index === NO_STATEMENT) ended[stack.length - 1] = statementNow();
  statements[stack.length - 1] = index;
}

function statementNow(): number {
  return statements[stack.length - 1] ?? NO_STATEMENT;
}

/** Who has done something, to be charged with it later or never. */
export interface Place {
  readonly file: string;
  readonly at: string;
  readonly statement: number;
}

export function placeNow(): Place | undefined {
  const module = current();
  if (module === undefined) return undefined;
  return { file: module.file, at: quietly(() => whereNow(module.file)), statement: statementNow() };
}

/** Charges an effect to the module under evaluation; once for each kind, subject and deferrable statement. */
export function record(kind: EffectKind, subject: string, owner?: string): void {
  const module = current();
  if (module) charge({ file: module.file, kind, subject, owner, statement: statementNow() });
}

/** As `record`, of what was made where the innermost of `frames` stands. */
export function recordAt(kind: EffectKind, subject: string, frames: readonly Frame[]): void {
  const module = current();
  if (!module) return;
  const { file } = module;
  charge({ file, kind, subject, at: placeIn(frames, file), statement: statementNow() });
}

/** An effect without consequence in runs for which the guard holds. */
export function recordGuarded(kind: EffectKind, subject: string, guard: Guard): void {
  const module = current();
  if (module) charge({ file: module.file, kind, subject, statement: statementNow(), guard });
}

export interface Charge {
  readonly file: string;
  readonly kind: EffectKind;
  readonly subject: string;
  /** As in `SeenEffect`. */
  readonly owner?: string | undefined;
  /** Absent: where the innermost frame of a traced module is now. */
  readonly at?: string;
  /** Where it is certain that nothing outside of this statement had the effect. */
  readonly statement?: number;
  readonly guard?: Guard;
}

export function charge({ file, kind, subject, owner, at, statement = NO_STATEMENT, guard }: Charge): void {
  const place = kind === 'clock' ? (at ?? quietly(() => whereNow(file))) : at;
  const key = `${file}\0${kind === 'clock' ? `clock ${place}` : kind}\0${subject}\0${owner ?? ''}\0${statement}\0${guard === undefined ? '' : `${guard.kind} ${ended[stack.length - 1]}`}`;
  if (seen.has(key)) return;
  seen.add(key);
  const effect: SeenEffect = {
    module: file,
    kind,
    subject,
    at: place ?? quietly(() => whereNow(file)),
    ...(statement === NO_STATEMENT ? {} : { statement }),
    ...(guard === undefined ? {} : { guard, after: ended[stack.length - 1] ?? NO_STATEMENT }),
  };
  effects[effects.length] = owner === undefined ? effect : { ...effect, owner };
}

/** Charges a module with what was found out about it after its load, when no frame tells of a place any more. */
export function chargeModule(file: string, kind: EffectKind, subject: string, owner?: string): void {
  charge({ file, kind, subject, owner, at: `${file}:1` });
}

export function recordLoad(target: string, isBare: boolean): SeenLoad | undefined {
  const module = stack[stack.length - 1];
  if (!module) return undefined;
  const statement = statementNow();
  const key = `${module.file}\0load\0${target}\0${statement}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  const load = { module: module.file, target, statement, isBare };
  loads[loads.length] = load;
  return load;
}

/** A statement's own use of its names is none. */
export function recordTouch(owner: PlannedModule | undefined, declaredBy: number): void {
  const module = current();
  if (!module || owner === undefined) return;
  const statement = statementNow();
  if (owner === module && statement === declaredBy) return;
  const key = `${module.file}\0touch\0${statement}\0${owner.file}\0${declaredBy}`;
  if (seen.has(key)) return;
  seen.add(key);
  touches[touches.length] = { module: module.file, statement, owner: owner.file, declaredBy };
}

/** A member of what `owner` has bound to the answer to `request`, while some module is being evaluated. */
export function recordUse(owner: PlannedModule | undefined, request: string): void {
  if (current() === undefined || owner === undefined) return;
  const key = `${owner.file}\0use\0${request}`;
  if (seen.has(key)) return;
  seen.add(key);
  uses[uses.length] = { module: owner.file, request };
}

export function recordRead(owner: string, member: string): void {
  const module = current();
  if (!module) return;
  const statement = statementNow();
  const key = `${module.file}\0read\0${owner}\0${member}\0${statement}`;
  if (seen.has(key)) return;
  seen.add(key);
  const read = { module: module.file, owner, member };
  reads[reads.length] = statement === NO_STATEMENT ? read : { ...read, statement };
}

export function recordInput(path: string, kind: SeenInput['kind']): void {
  const module = current();
  if (!module) return;
  const key = `${module.file}\0input\0${path}\0${kind}`;
  if (seen.has(key)) return;
  seen.add(key);
  inputs[inputs.length] = { module: module.file, path, kind };
}

/** A callable that records and then does what the original did. A proxy keeps its name, members and identity tests. */
export function spy<F extends safe.Callable>(original: F, before: (args: readonly unknown[]) => void): F {
  return new safe.RealProxy(original, {
    apply(target, self, args) {
      before(args);
      return safe.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      before(args);
      return safe.construct(target, args, newTarget);
    },
  });
}

/** Replaces a member by a spy, whatever kind of property it is; members that cannot be replaced stay. */
export function spyOn(holder: object, key: string, before: (args: readonly unknown[]) => void): void {
  const descriptor = safe.getOwnPropertyDescriptor(holder, key);
  if (!descriptor || typeof descriptor.value !== 'function' || !descriptor.configurable) {
    if (typeof descriptor?.value === 'function' && descriptor.writable) {
      safe.set(holder, key, spy(descriptor.value, before));
    }
    return;
  }
  safe.defineProperty(holder, key, { ...descriptor, value: spy(descriptor.value, before) });
}

/** Says when one of its accessors is assigned to: what is assigned may go where no property shows it. */
export function spyOnSetters(holder: object, wrote: (key: string) => void): void {
  for (const key of safe.ownKeys(holder)) {
    const descriptor = safe.getOwnPropertyDescriptor(holder, key);
    if (descriptor?.set === undefined || !descriptor.configurable) continue;
    const set = spy(descriptor.set, () => wrote(safe.toText(key))) as (value: unknown) => void;
    safe.defineProperty(holder, key, { ...descriptor, set });
  }
}

/** What a refused effect throws: looks like a permission error of the operating system. */
export function refusal(what: string): Error {
  const error = new safe.RealError(`EACCES: permission denied, ${what} (refused while analysing)`);
  safe.defineProperty(error, 'code', { value: 'EACCES', writable: true, enumerable: true, configurable: true });
  safe.defineProperty(error, 'errno', { value: -13, writable: true, enumerable: true, configurable: true });
  safe.defineProperty(error, 'syscall', { value: what, writable: true, enumerable: true, configurable: true });
  return error;
}
