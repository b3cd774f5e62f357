// A process that a case talks to while it runs: start it, wait for its words, type, kill, and take its result.

import type { ChildProcess } from 'node:child_process';
import { type RunOptions, type RunResult, run } from './run.js';

export interface Session {
  /** Resolves once stdout or stderr holds `text`; rejects when the process ends without it. */
  until(text: string): Promise<void>;
  type(text: string): void;
  kill(signal: NodeJS.Signals): void;
  readonly result: Promise<RunResult>;
}

export function startSession(command: string, args: readonly string[], options: RunOptions): Session {
  let child: ChildProcess | undefined;
  let [output, errors] = ['', ''];
  let waiting: { text: string; resolve: () => void } | undefined;
  const isSeen = (text: string) => output.includes(text) || errors.includes(text);
  const look = () => {
    if (waiting !== undefined && isSeen(waiting.text)) waiting.resolve();
  };
  const result = run(command, args, {
    stdin: { text: '' },
    keepInputOpen: true,
    ...options,
    onStart: (started) => {
      child = started;
    },
    onOutput: (soFar) => {
      output = soFar;
      look();
    },
    onErrors: (soFar) => {
      errors = soFar;
      look();
    },
  });
  return {
    until: (text) =>
      new Promise((resolve, reject) => {
        if (isSeen(text)) resolve();
        waiting = { text, resolve };
        void result.then((ended) => reject(new Error(`ended without ${text}: ${ended.stdout}${ended.stderr}`)), reject);
      }),
    type: (text) => {
      child?.stdin?.end(text);
    },
    kill: (signal) => {
      child?.kill(signal);
    },
    result,
  };
}
