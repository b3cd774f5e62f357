// Each line on a pseudo-terminal, before an artifact may have a world for terminals.
import type { TrainingLine } from '../graph/types.js';
import type { Environment } from './environments.js';
import { endlessOnTerminal, plainOnTerminal } from './errors.js';
import { MOST_FILES_IN_BUILD } from './matrix.js';
import { runIn } from './run-in.js';
import { openScratch } from './scratch.js';
import { compareLine, type LineResult, type VerifyOptions } from './verify.js';

/** What asks for other answers than those that were baked. */
const ELSEWISE = { FORCE_COLOR: null, NO_COLOR: '1', TERM: 'dumb', CI: 'true' } as const;

function environments(variables: Readonly<Record<string, string>>): readonly Environment[] {
  return [
    { name: 'terminal', terminal: 'all', env: variables },
    { name: 'terminal, NO_COLOR=1, TERM=dumb, CI', terminal: 'all', env: { ...variables, ...ELSEWISE }, home: 'empty' },
  ];
}

/**
 * `variables`: what the builder was given. A line that differs ends it.
 * @throws SnapError TERMINAL_ENDLESS, TERMINAL_PLAIN: where nothing can be shown.
 */
export async function verifyOnTerminal(
  options: VerifyOptions,
  lines: readonly TrainingLine[],
  variables: Readonly<Record<string, string>>,
): Promise<LineResult[]> {
  const scratch = openScratch();
  const results: LineResult[] = [];
  try {
    for (const args of lines) {
      for (const environment of environments(variables)) {
        const run = runIn(environment, scratch.folder, MOST_FILES_IN_BUILD);
        const compared = await compareLine({ ...options, skipsEndless: true }, args, run);
        if (compared.isEndless) throw endlessOnTerminal(args, options.timeoutMs);
        const { differences } = compared;
        results.push({
          ...compared,
          differences: differences.map((found) => ({ ...found, environment: environment.name })),
        });
        if (differences.length > 0) return results;
        if (!compared.isAccelerated) throw plainOnTerminal(args);
      }
    }
  } finally {
    scratch.remove();
  }
  return results;
}
