// Which functions a run calls, as V8's inspector counts them: a snapshot holds these compiled, so that no launch has to
// compile them.
import type inspector from 'node:inspector';
import type { RecordedCalls } from './shape.cjs';

/** What V8's protocol tells of a script, which itself is among its functions. */
interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
  }[];
}

const FILE = 'file:';

/** Returns what tells which functions of files have been called so far: none where node has no inspector. `load`: of built-ins. */
export function watchCalls(load: (name: string) => unknown): () => RecordedCalls[] {
  const known = new Map<string, number[]>();
  const session = openSession(load);
  return () => {
    session?.post('Profiler.takePreciseCoverage', (_error, coverage) => {
      for (const script of (coverage?.result ?? []) as readonly ScriptCoverage[]) addCalls(known, script);
    });
    return [...known].map(([url, ranges]) => ({ url, ranges }));
  };
}

function openSession(load: (name: string) => unknown): inspector.Session | null {
  try {
    const { Session } = load('inspector') as typeof inspector;
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    // Each function is told of once, whenever that is asked.
    session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
    return session;
  } catch {
    // A node that was built without it, or that is not allowed to: launches compile what they call.
    return null;
  }
}

function addCalls(known: Map<string, number[]>, { url, functions }: ScriptCoverage): void {
  if (!url.startsWith(FILE)) return;
  const ranges = known.get(url) ?? [];
  for (const { ranges: found } of functions) {
    const whole = found[0];
    if (whole !== undefined && whole.count > 0) ranges.push(whole.startOffset, whole.endOffset);
  }
  known.set(url, ranges);
}
