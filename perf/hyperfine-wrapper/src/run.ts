// Runs the real hyperfine and hands back its results.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HyperfineError, problemFailed, problemMissing, problemOptions, problemOutput } from './errors.js';
import { type HyperfineOptions, hyperfineArguments } from './options.js';
import { parseResults, type TimedResult } from './results.js';

/**
 * Times each command in turn, all runs of one before the next. Throws a HyperfineError: HYPERFINE_MISSING where the
 * program is not installed, HYPERFINE_FAILED where it or a timed command failed, HYPERFINE_OUTPUT where its results
 * cannot be read, HYPERFINE_OPTIONS for options that make no sense.
 */
export async function runHyperfine(options: HyperfineOptions): Promise<TimedResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperfine-'));
  try {
    const jsonFile = join(folder, 'results.json');
    await runToEnd(options.binary ?? 'hyperfine', hyperfineArguments(options, jsonFile), options);
    const names = options.commands.map(({ name }) => name);
    return parseResults(await readOutput(jsonFile), names);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `hyperfine --version` prints, or null where the program is not installed. */
export async function hyperfineVersion(binary = 'hyperfine'): Promise<string | null> {
  try {
    return (await runToEnd(binary, ['--version'], {})).trim();
  } catch (error) {
    if (error instanceof HyperfineError && error.code === 'HYPERFINE_MISSING') return null;
    throw error;
  }
}

function runToEnd(binary: string, args: readonly string[], { env, cwd }: Partial<HyperfineOptions>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env: env ?? process.env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      // A missing working folder gives ENOENT as well, and Node names the program in both cases.
      const folderExists = cwd === undefined || existsSync(cwd);
      if (cause.code === 'ENOENT' && folderExists) reject(new HyperfineError(problemMissing(binary), cause));
      else if (!folderExists) reject(new HyperfineError(problemOptions(`There is no folder "${cwd}".`), cause));
      else reject(cause);
    });
    child.on('close', (exitCode, signal) => {
      if (exitCode === 0) resolve(stdout);
      else reject(new HyperfineError(problemFailed(exitCode, signal, stderr)));
    });
  });
}

async function readOutput(jsonFile: string): Promise<string> {
  try {
    return await readFile(jsonFile, 'utf8');
  } catch (cause) {
    throw new HyperfineError(problemOutput('no results file was written'), cause);
  }
}
