// What is measured: real CLIs, their shortest run and, where that makes sense, a real job.

import { join } from 'node:path';
import { inputs } from './inputs.js';

export interface Scenario {
  readonly name: string;
  readonly args: readonly string[];
  /** The ratio to plain that this project promises to stay below. */
  readonly limit: number;
  /** Of the runs that a start gets, the share that is enough: long runs vary less, and take long. */
  readonly share: number;
  /** Measured with an artifact that was trained with it too; a start is measured as `snap build` makes it by default. */
  readonly isTrained: boolean;
}

export interface Program {
  readonly corpus: string;
  readonly bin: string;
  readonly scenarios: readonly Scenario[];
  /** Variables for the plain run, the accelerated one and the building of inputs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** No CLI may become slower, but for the launcher's own cost, which report.ts adds. */
const NOT_SLOWER = 1;

export const programs: readonly Program[] = [
  {
    corpus: 'typescript',
    bin: 'tsc',
    // tsc turns Node's compile cache on by itself; that cache is a baseline of its own here.
    env: { NODE_DISABLE_COMPILE_CACHE: '1' },
    scenarios: [start(NOT_SLOWER), work('compile', '-p', join(inputs.project, 'tsconfig.json'))],
  },
  {
    corpus: 'eslint',
    bin: 'eslint',
    scenarios: [
      start(0.42),
      work('lint a folder', '--no-eslintrc', '-c', inputs.lintConfig, inputs.sources),
      // Comments of these files name rules of plug-ins that are not installed.
      untrained('lint 200 files', '--no-eslintrc', '--no-inline-config', '-c', inputs.lintConfig, inputs.manySources),
    ],
  },
  {
    corpus: 'prettier',
    bin: 'prettier',
    scenarios: [start(0.75), work('check a folder', '--check', inputs.formatted)],
  },
  {
    corpus: 'webpack',
    bin: 'webpack',
    scenarios: [{ name: '--help', args: ['--help'], limit: NOT_SLOWER, share: 1, isTrained: false }],
  },
  { corpus: 'babel', bin: 'babel', scenarios: [start(NOT_SLOWER)] },
  { corpus: 'npm', bin: 'npm', scenarios: [start(NOT_SLOWER)] },
  { corpus: 'mocha', bin: 'mocha', scenarios: [start(NOT_SLOWER)] },
  { corpus: 'firebase', bin: 'firebase', scenarios: [start(0.35)] },
];

function start(limit: number): Scenario {
  return { name: '--version', args: ['--version'], limit, share: 1, isTrained: false };
}

function work(name: string, ...args: readonly string[]): Scenario {
  return { name, args, limit: NOT_SLOWER, share: 0.3, isTrained: true };
}

/** Work that lasts, with the artifact that `snap build` makes by default: no code of it was seen while building. */
function untrained(name: string, ...args: readonly string[]): Scenario {
  return { ...work(name, ...args), isTrained: false };
}
