// Runs the snapshot builder in a child process and tells what became of it. Everything that can go wrong natively (an
// abort, a crash at restore) stays in that child.
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BakePlan } from '../../snapshot-entry/shared/bake-plan.cjs';
import { trialEnvironment } from '../../snapshot-entry/shared/trial-requests.cjs';
import { withoutRemadeTemplates } from '../blob/isolate-templates.js';
import { runChild as runLimited } from '../target/child.js';

/** firebase-tools (3121 modules) bakes in a tenth of this. */
const TIMEOUT_MS = 180_000;
/** The trial run that each blob has to stand, as one script. */
export const BOOT_CHECK = 'boot-check.js';
/** How a snapshot without code is built: https://nodejs.org/api/cli.html#--build-snapshot-configconfig. */
export const WITHOUT_CODE = 'without-code.json';
/** Enough of a native abort to recognise it; the rest is V8's object dump. */
const KEPT_OUTPUT_BYTES = 8_000;
/** A snapshot of nothing, Node 26. */
const SMALLEST_BLOB_BYTES = 8e6;
const FAILED_MODULE = /^v8-snap: failed module ("(?:[^"\\]|\\.)*") (.*)$/m;

const NATIVE_REASON = /not serialized|[Cc]heck failed|Assertion|Unknown external|FATAL/;
const THROWN_REASON = /^\w*Error\b/;

export type BuilderOutcome =
  | { readonly kind: 'built'; readonly blob: string; readonly blobBytes: number }
  /** The module's evaluation threw. */
  | { readonly kind: 'threw'; readonly file: string; readonly detail: string }
  /** The builder or the restored process died; any of the modules may be why. */
  | { readonly kind: 'died'; readonly detail: string };

/** What a builder's process is started in. */
export interface ChildEnvironment {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Extra arguments of the builder, to see whether anything baked kept them. */
  readonly args: readonly string[];
  readonly stdout: 'ignore' | 'pipe';
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

async function runChild(
  node: string,
  args: readonly string[],
  { cwd, env, stdout }: ChildEnvironment,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  const ended = await runLimited(node, args, {
    cwd,
    env,
    signal,
    timeoutMs: TIMEOUT_MS,
    stdout: stdout === 'pipe' ? { first: 0 } : 'nothing',
    stderr: { first: KEPT_OUTPUT_BYTES },
  });
  return { code: ended.exitCode, signal: ended.signal, stderr: ended.stderr.toString() };
}

function describe({ code, signal, stderr }: Ended): string {
  const lines = stderr.split('\n');
  const reason =
    lines.find((line) => NATIVE_REASON.test(line)) ??
    lines.find((line) => THROWN_REASON.test(line)) ??
    lines.find((line) => /[a-z]/i.test(line));
  const ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return reason === undefined ? ended : `${ended}: ${reason.replace(/0x[0-9a-f]+/g, '0x…').replace(/^[#\s]+/, '')}`;
}

async function leaveOutRemade(blob: string): Promise<void> {
  const lean = withoutRemadeTemplates(await readFile(blob));
  if (lean !== null) await writeFile(blob, lean);
}

export class Builder {
  readonly #node: string;
  readonly #script: string;
  readonly #folder: string;
  readonly #home: ChildEnvironment;
  readonly #signal: AbortSignal | undefined;
  #runs = 0;

  /** `folder` is private to this build: src/pipeline/prepare-builder.ts puts `script` there, and what it needs. */
  constructor(node: string, script: string, folder: string, home: ChildEnvironment, signal?: AbortSignal) {
    this.#node = node;
    this.#script = script;
    this.#folder = folder;
    this.#home = home;
    this.#signal = signal;
  }

  /** What it runs in where nothing else is said. */
  get home(): ChildEnvironment {
    return this.#home;
  }

  get script(): string {
    return this.#script;
  }

  get runs(): number {
    return this.#runs;
  }

  /**
   * Builds a blob and boots it once, without running the program: one that cannot be restored, or whose worker threads
   * abort, is not built.
   */
  async build(plan: BakePlan): Promise<BuilderOutcome> {
    await this.usePlan(plan);
    const blob = path.join(this.#folder, 'app.blob');
    const outcome = await this.#build(blob, ['--build-snapshot', this.#script], this.#home);
    if (outcome.kind !== 'built') return outcome;
    if (plan.remakesNotes) await leaveOutRemade(blob);
    const { size: blobBytes } = await stat(blob);
    const script = path.join(this.#folder, BOOT_CHECK);
    const trial = { ...this.#home, env: trialEnvironment(this.#home.env, { blob, script }) };
    const booted = await runChild(this.#node, [plan.entry], trial, this.#signal);
    return booted.code === 0
      ? { ...outcome, blobBytes }
      : { kind: 'died', detail: `restoring it: ${describe(booted)}` };
  }

  /** Node does not say that a disk is full; writing as much as the smallest blob does. @throws ENOSPC and the like */
  async requireRoom(): Promise<void> {
    const file = path.join(this.#folder, 'room');
    await writeFile(file, Buffer.alloc(SMALLEST_BLOB_BYTES));
    await rm(file);
  }

  /** What `buildIn` builds from now on. */
  async usePlan(plan: BakePlan): Promise<void> {
    await writeFile(path.join(this.#folder, 'plan.json'), JSON.stringify(plan), { mode: 0o600 });
  }

  /**
   * Builds a blob only to be looked at. Its name is the same in every folder: node keeps it in the heap. It has no code, which
   * follows from sources that are in the heap, too.
   */
  buildIn(environment: ChildEnvironment, flags: readonly string[]): Promise<BuilderOutcome> {
    const script = ['--build-snapshot-config', path.join(this.#folder, WITHOUT_CODE)];
    return this.#build('world.blob', [...flags, ...script], environment);
  }

  /** Runs another script, which bakes a plan and writes no blob, with V8's randomness pinned. */
  async look(plan: BakePlan, script: string, args: readonly string[]): Promise<void> {
    await this.usePlan(plan);
    this.#runs++;
    const flags = ['--hash-seed=1', '--random-seed=1', '--predictable', '--snapshot-blob', 'never-written.blob'];
    const planFile = path.join(this.#folder, 'plan.json');
    const ended = await runChild(
      this.#node,
      [...flags, '--build-snapshot', script, planFile, ...args],
      this.#home,
      this.#signal,
    );
    if (ended.code !== 0) throw new Error(`no view of the heap: ${describe(ended)}`);
  }

  async #build(blob: string, script: readonly string[], environment: ChildEnvironment): Promise<BuilderOutcome> {
    this.#runs++;
    const args = ['--snapshot-blob', blob, ...script, path.join(this.#folder, 'plan.json'), ...environment.args];
    const built = await runChild(this.#node, args, environment, this.#signal);
    const failed = FAILED_MODULE.exec(built.stderr);
    if (failed !== null)
      return { kind: 'threw', file: JSON.parse(failed[1] as string) as string, detail: failed[2] as string };
    if (built.code !== 0) return { kind: 'died', detail: describe(built) };
    const written = path.resolve(environment.cwd, blob);
    return { kind: 'built', blob: written, blobBytes: (await stat(written)).size };
  }
}
