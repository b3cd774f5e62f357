// Progress on stderr: one line that changes on a terminal, plain lines otherwise, nothing with --json.
import ora from 'ora';
import type { Phase, Progress } from '../pipeline/phases.js';

const WORDS: Record<Phase, string> = {
  node: 'asking node',
  trace: 'tracing',
  analyse: 'analysing',
  plan: 'planning',
  bake: 'baking',
  pack: 'packing',
  launch: 'writing the launcher',
  verify: 'verifying',
};

export interface ShownProgress extends Progress {
  stop(): void;
}

export function silentProgress(): ShownProgress {
  return { phase: () => undefined, note: () => undefined, stop: () => undefined };
}

/** `isVerbose` keeps every line. */
export function terminalProgress(isVerbose: boolean): ShownProgress {
  const { stderr } = process;
  if (stderr.isTTY !== true || isVerbose) {
    return {
      phase: (phase, detail) => stderr.write(`${WORDS[phase]}: ${detail}\n`),
      note: (text) => stderr.write(`  ${text}\n`),
      stop: () => undefined,
    };
  }
  const spinner = ora({ stream: stderr, discardStdin: false });
  let current = '';
  return {
    phase: (phase, detail) => {
      current = `${WORDS[phase]}: ${detail}`;
      spinner.start(current);
    },
    note: (text) => {
      spinner.text = `${current} (${text})`;
    },
    stop: () => spinner.stop(),
  };
}
