// Runs first in the restored process. Prepares what belongs to this run, decides whether what was baked may be used,
// and hands over to the entry. test/snapshot-entry/budget.ts limits its size.
import fs = require('node:fs');
import path = require('node:path');

import { takeLaunchRequests } from '../shared/launch-requests.cjs';
import { expectImportWarning } from './import-warning.cjs';
import { Loader } from './loader.cjs';
import { remakeNotes } from './native-bindings.cjs';
import { type NodeModule, NodeModules } from './node-module.cjs';

import errors = require('./pack-errors.cjs');
import packReader = require('./pack-reader.cjs');

import { runPlain } from './run-plain.cjs';
import { changedSource, relinked } from './sources.cjs';
import type { Prepared } from './state.cjs';
import { runTrial, type TrialRun } from './trial-run.cjs';

type Watch = Parameters<TrialRun['runProgram']>[0];

export function main(prepared: Prepared): void {
  const { blob, trial } = takeLaunchRequests();
  ownFlags(prepared);
  prepared.mendConsole();
  if (prepared.bindings !== null) remakeNotes(prepared.bindings);
  if (trial === undefined) runProgram(prepared, blob);
  else runTrial({ request: trial, prepared, runProgram: (watch) => runProgram(prepared, blob, watch) });
}

function runProgram(prepared: Prepared, blob: string, watch?: Watch): void {
  const { plan, look } = prepared;
  const changed = relinked(plan.argv1, plan.entry) ?? changedSource(plan, NodeModules.globalPaths, look);
  if (changed !== undefined) {
    goPlain(prepared, changed);
    return;
  }
  const pack = openPack(prepared, path.dirname(path.resolve(blob)));
  if (pack instanceof Error) goPlain(prepared, pack.message);
  else runAccelerated(prepared, pack, watch);
}

/** A launcher may have put flags of its own before those of a plain run (src/launch/choose-path.ts). */
function ownFlags({ plan, workerFlags }: Prepared): void {
  if (process.execArgv.length === plan.nodeFlags.length) return;
  process.execArgv = [...plan.nodeFlags];
  workerFlags.own = plan.nodeFlags;
}

function openPack({ plan }: Prepared, folder: string): packReader.PackReader | Error {
  const { version, arch, v8Tag } = plan.node;
  const artifactId = Buffer.from(plan.artifactId, 'hex');
  try {
    return packReader.openPack(path.join(folder, 'app.pack'), { artifactId, nodeVersion: version, arch, v8Tag });
  } catch (error) {
    if (error instanceof errors.PackError) return error;
    throw error;
  }
}

function runAccelerated(prepared: Prepared, pack: packReader.PackReader, watch: Watch): void {
  const { requires, plan, navigator } = prepared;
  navigator?.begin();
  const registry = prepared.registry.begin(findExecutingSymbol());
  const loader = new Loader(pack, registry, prepared, watch?.());
  requires.answerBy(loader);
  if (plan.importsDynamically) expectImportWarning();
  const where = plan.isTerminal ? ', for a terminal' : '';
  say(`accelerated (${registry.size} modules baked, ${pack.packedCount} packed${where})`);
  loader.run(plan.entry);
}

/** Node notes on a module that it is being evaluated, under a symbol that only a compiled module shows. */
function findExecutingSymbol(): symbol | undefined {
  const probe: NodeModule = new NodeModules('');
  probe.filename = '';
  NodeModules.prototype._compile.call(probe, '', '');
  return Object.getOwnPropertySymbols(probe).find((symbol) => symbol.description === 'kIsExecuting');
}

function goPlain({ plan }: Prepared, reason: string): void {
  say(`plain: ${reason}`);
  runPlain(plan.entry, plan.nodeFlags);
}

/** One line, only where it was asked for; written at once, without touching the stream that the program will use. */
function say(what: string): void {
  if (process.env.SNAP_DEBUG === '1') fs.writeSync(2, `snap: ${what}\n`);
}
