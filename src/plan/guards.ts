// Guards: conditions on a run under which a module may be used as it was baked. One that fails costs nothing but the
// time that baking saves, for the module is then loaded from its source; so a guard that the program's own runs fail is
// worth nothing, and what it would excuse counts as a hazard.
import type { Guard } from '../graph/guard.js';
import type { Graph, TrainingLine, WriteSpan } from '../graph/types.js';
import type { PlannedGuard } from './types.js';

/** How the program is usually run. */
export interface Habits {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The training lines. */
  readonly lines: readonly TrainingLine[];
}

export class FailingGuards {
  readonly #habits: Habits | undefined;
  readonly #words: ReadonlySet<string>;
  /** Variables that code of the program sets: where in the writes of the trace. */
  readonly #written = new Map<string, number[]>();
  readonly #writesBefore: ReadonlyMap<string, readonly WriteSpan[]>;

  constructor(graph: Graph, habits: Habits | undefined) {
    this.#habits = habits;
    this.#words = new Set(habits?.lines.flat());
    this.#writesBefore = new Map(graph.modules.map(({ file, writesBefore }) => [file, writesBefore]));
    for (const [position, { what }] of graph.writes.entries()) {
      const name = /^process\.env\.(.+)$/.exec(what)?.[1];
      if (name !== undefined) this.#written.set(name, [...(this.#written.get(name) ?? []), position]);
    }
  }

  /** Whether the guard would fail in the program's usual runs, when that module is loaded. */
  has(file: string, guard: Guard): boolean {
    if (this.#habits === undefined) return true;
    if (guard.kind === 'argv-without') return this.#words.has(guard.word);
    if (guard.kind !== 'env-unset') return false;
    const spans = this.#writesBefore.get(file) ?? [];
    const isWritten = this.#written.get(guard.name)?.some((at) => spans.some(([from, to]) => at >= from && at < to));
    return isWritten === true || this.#habits.env[guard.name] !== undefined;
  }
}

/** Each once, with the latest place where it was asked. */
export function uniqueGuards(guards: readonly PlannedGuard[]): PlannedGuard[] {
  const latest = new Map<string, PlannedGuard>();
  for (const planned of guards) {
    const key = JSON.stringify(planned.guard);
    const known = latest.get(key);
    if (known === undefined || known.after < planned.after) latest.set(key, planned);
  }
  return [...latest.values()];
}

const STREAMS = ['stdin', 'stdout', 'stderr'] as const;

function streamName(fd: number): string {
  return STREAMS[fd] ?? `descriptor ${fd}`;
}

/** The descriptor of which the guard says that it is a terminal, or that it is none. */
export function askedDescriptor(guard: Guard): number | undefined {
  if (guard.kind === 'terminal' || guard.kind === 'no-terminal') return guard.fd;
  if (guard.kind === 'terminal-stream' || guard.kind === 'plain-stream') return STREAMS.indexOf(guard.name);
  return undefined;
}

/** For people: `DEBUG is not set`. */
export function describeGuard(guard: Guard): string {
  switch (guard.kind) {
    case 'env-unset':
      return `${guard.name} is not set`;
    case 'env-same':
      return `${guard.name} is as it was for the build`;
    case 'env-none':
      return `no variable passes ${guard.test.replace(/\s+/g, ' ')}`;
    case 'argv-without':
      return `the command line has no ${guard.word}`;
    case 'no-terminal':
      return `${streamName(guard.fd)} is no terminal`;
    case 'terminal':
      return `${streamName(guard.fd)} is a terminal`;
    case 'plain-stream':
      return `process.${guard.name} is no terminal`;
    case 'terminal-stream':
      return `process.${guard.name} is a terminal`;
  }
}
