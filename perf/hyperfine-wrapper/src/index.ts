export { HyperfineError, type HyperfineErrorCode, type HyperfineProblem } from './errors.js';
export { type HyperfineOptions, hyperfineArguments, quoteArgv, type TimedCommand } from './options.js';
export { parseResults, type TimedResult } from './results.js';
export { hyperfineVersion, runHyperfine } from './run.js';
