// A trial run: a start of a blob by the build that has made it (shared/trial-requests.cts). Its code is not in the heap: the
// build names a script (snapshot-entry/trial/), which is read, compiled and called here, and decides when the program runs.
import fs = require('node:fs');
import type vm = require('node:vm');

import type { TrialRequest } from '../shared/launch-requests.cjs';
import { compileScriptOf } from './compile.cjs';
import type { Prepared } from './state.cjs';

/** Told of each script that the loader compiles; `index` is the module's in the pack. */
export type OnCompiled = (index: number, script: vm.Script) => void;

/** What the script gets, as its variable `trial`. */
export interface TrialRun {
  readonly request: TrialRequest;
  readonly prepared: Prepared;
  /** Runs the program as any launch does. `watch` is called just before it, unless the run turns out to be plain. */
  readonly runProgram: (watch?: () => OnCompiled) => void;
}

/** Where an artifact's own code gets built-ins in a restored process. */
const { getBuiltinModule } = process as unknown as { getBuiltinModule: (name: string) => unknown };

export function runTrial(trial: TrialRun): void {
  const { script } = trial.request;
  compileScriptOf(fs.readFileSync(script, 'utf8'), ['require', 'trial'], script)(getBuiltinModule, trial);
}
