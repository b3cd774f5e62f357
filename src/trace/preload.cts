// Loaded with `--require` into a plain run of a CLI: records what it loads, and leaves no trace of itself that the
// program, its Workers or its children would see. Without its variable (in a Worker) it only hides. Node 20 to 26.

import fs from 'node:fs';
import { watchCalls } from './calls.cjs';
import { onEnding } from './ending.cjs';
import { installHooks } from './hooks.cjs';
import { loader } from './loader-types.cjs';
import { Recorder } from './recorder.cjs';
import { SharedState } from './shared-state.cjs';

const { openSync, writeSync, closeSync } = fs;
const { stringify } = JSON;
const { from: bytesOf } = Buffer;

const VARIABLE = 'V8_SNAP_RECORDING';

/** With functions taken before the program could patch them; `writeFileSync` would call the patched ones. */
function write(file: string, text: string): void {
  const bytes = bytesOf(text, 'utf8');
  const descriptor = openSync(file, 'w', 0o600);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  closeSync(descriptor);
}

function hideModules(): void {
  const own = new Set([__filename]);
  const queue = [module];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const child of next.children) {
      if (!own.has(child.filename)) queue.push(child);
      own.add(child.filename);
    }
  }
  for (const file of own) delete loader._cache[file];
  for (const [key, file] of Object.entries(loader._pathCache)) if (own.has(file)) delete loader._pathCache[key];
}

function hideOption(): void {
  const { execArgv } = process;
  const at = execArgv.findIndex((word, index) => word === '--require' && execArgv[index + 1] === __filename);
  if (at >= 0) execArgv.splice(at, 2);
  const alias = Object.getOwnPropertyDescriptor(process, '_preload_modules');
  if (alias?.configurable === true && Array.isArray(alias.value)) {
    const others = alias.value.filter((file) => file !== __filename);
    Object.defineProperty(process, '_preload_modules', { ...alias, value: others });
  }
}

function record(file: string): void {
  const load = loader._load;
  const builtin = (name: string) => load(`node:${name}`, undefined, false);
  const state = new SharedState(builtin);
  const recorder = new Recorder(state, watchCalls(builtin));
  const save = (): void => write(file, stringify(recorder.recording()));
  const flush = (): void => {
    save();
    // Exit listeners may load more, and nothing tells when the last one has run.
    recorder.whenIdle(save);
  };
  onEnding(flush, (what) => state.note(what));
  installHooks(recorder, state);
}

const recordingFile = process.env[VARIABLE];
delete process.env[VARIABLE];
hideModules();
hideOption();
if (recordingFile !== undefined) record(recordingFile);
