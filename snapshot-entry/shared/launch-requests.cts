// What a launcher asks of the process that it becomes, in its environment: none of it is the program's.

/**
 * glibc (2.35 and later) then backs large blocks with huge pages. Node reads a blob into two of its own size, which are
 * thousands of page faults else. Spelt as no user would, whose own setting stays.
 */
export const HUGE_PAGES = { name: 'GLIBC_TUNABLES', value: 'glibc.malloc.hugetlb=0x1' } as const;

/**
 * Node takes the snapshot from NODE_OPTIONS, so that its command line is that of a plain run: what it reads there by itself
 * (a worker thread's `process.execArgv`, a report, an argument behind the script) then needs no mending. The option stands
 * behind what the user has set, in quotes, which no setting that boots a snapshot has (src/launch/choose-path.ts).
 */
export const SNAPSHOT = { name: 'NODE_OPTIONS', begin: '"--snapshot-blob=', end: '"' } as const;

/** As Node reads what stands in quotes. */
export function snapshotOption(blob: string): string {
  return SNAPSHOT.begin + blob.replace(/["\\]/g, '\\$&') + SNAPSHOT.end;
}

/** A request for a trial run stands in it, as JSON: trial-requests.cts. */
export const TRIAL_VARIABLE = 'V8_SNAP_TRIAL';

/** What a build wants of a trial run. */
export interface TrialRequest {
  readonly blob: string;
  /** The script to run, one file. */
  readonly script: string;
  /** Where it writes what it finds. */
  readonly out?: string;
}

export interface LaunchRequests {
  readonly blob: string;
  /** Undefined in a user's process. */
  readonly trial: TrialRequest | undefined;
}

/**
 * The user's own options, undefined where none were set, and the blob; an empty path where no launcher has added one.
 */
export function splitOptions(all: string): readonly [own: string | undefined, blob: string] {
  const at = all.indexOf(SNAPSHOT.begin);
  if (at < 0) return [undefined, ''];
  const own = at > 0 ? all.slice(0, at - 1) : undefined;
  let blob = '';
  for (let i = at + SNAPSHOT.begin.length; i < all.length - 1; i++) blob += all[i] === '\\' ? all[++i] : all[i];
  return [own, blob];
}

/** Before anything of the program runs: neither it nor its children see what was asked. */
export function takeLaunchRequests(): LaunchRequests {
  const { env } = process;
  if (env[HUGE_PAGES.name] === HUGE_PAGES.value) delete env[HUGE_PAGES.name];
  const [own, blob] = splitOptions(env[SNAPSHOT.name] ?? '');
  if (own === undefined) delete env[SNAPSHOT.name];
  else env[SNAPSHOT.name] = own;
  return blob === '' ? takeTrialRequest(env) : { blob, trial: undefined };
}

/** No launcher has started this process: the build has, or somebody who boots the blob by hand. */
function takeTrialRequest(env: NodeJS.ProcessEnv): LaunchRequests {
  const request = env[TRIAL_VARIABLE];
  if (request === undefined) return { blob: '', trial: undefined };
  delete env[TRIAL_VARIABLE];
  const trial = JSON.parse(request) as TrialRequest;
  return { blob: trial.blob, trial };
}
