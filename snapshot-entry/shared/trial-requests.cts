// How a build asks a blob that it has just made for a trial run: a start of the artifact in which a script of the build's
// (snapshot-entry/trial/) runs instead of the program, or around it. Also the records that such a run writes.
import { SNAPSHOT, snapshotOption, TRIAL_VARIABLE, type TrialRequest } from './launch-requests.cjs';

/** In the place of a module's index: the built-ins that the run loaded, a line each. */
export const BUILTINS_RECORD = 0xffff_ffff;

/** Likewise: the files of the baked modules that were activated, and of those that were asked for and could not be. */
export const ACTIVE_RECORD = 0xffff_fffe;
export const REFUSED_RECORD = 0xffff_fffd;

/**
 * `env` of a trial run, without options of a user's. The blob's option begins in front of its quotes: to Node that is the
 * same, and a launch, which does not find the option as launchers spell it, then looks for a request.
 */
export function trialEnvironment(env: NodeJS.ProcessEnv, request: TrialRequest): NodeJS.ProcessEnv {
  const option = `${SNAPSHOT.begin.slice(1)}"${snapshotOption(request.blob).slice(SNAPSHOT.begin.length)}`;
  return { ...env, [SNAPSHOT.name]: option, [TRIAL_VARIABLE]: JSON.stringify(request) };
}
