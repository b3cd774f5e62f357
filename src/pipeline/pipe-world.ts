// The world of pipes: every artifact has it, and it is booted wherever no other fits.

import { trainingEnvironment } from '../trace/training-run.js';
import { verifyShortForm } from '../verify/matrix.js';
import { type Comparison, differing, verifyLine } from '../verify/verify.js';
import type { WorldRuns } from './accelerate.js';
import { writeAcceleratedLauncher } from './assemble.js';
import type { TracedProgram } from './make-world.js';

export function pipeRuns({ target, env }: TracedProgram, folder: string, isForced: boolean): WorldRuns {
  return {
    env: trainingEnvironment(env),
    launch: (sizes) => writeAcceleratedLauncher(folder, target, sizes),
    // In the environment of the build; where all lines are the same there, in a few others, too.
    verify: async (options, lines) => {
      const results: Comparison[] = [];
      for (const line of lines) results.push(await verifyLine(options, line));
      return differing(results).length === 0 ? verifyShortForm(options, results) : results;
    },
    // In the user's own environment: a program may turn Node's compile cache on itself.
    gainEnv: isForced ? undefined : env,
  };
}
