// node dist/perf/compatibility.js [--only NAME]... [--all] [--report] [--keep FOLDER]
//
// Tries popular CLIs that no rule was written for: installs each, builds it, compares it with plain under a matrix of
// environments, times its start, and writes docs/COMPATIBILITY.md. What was found is kept as one JSON file a CLI in
// perf/results/compatibility, so that a run only redoes what has none of this version: `--only` redoes what it names,
// `--all` everything, `--report` nothing. `--keep` installs into a folder that stays.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { toolFingerprint } from '../src/pipeline/tool-version.js';
import { type TriedProgram, triedPrograms } from './compatibility-programs.js';
import { withResults } from './compatibility-report.js';
import { readTried, type Tried, tryProgram } from './compatibility-run.js';
import { root } from './places.js';

const RESULTS = join(root, 'perf', 'results', 'compatibility');
const PAGE = join(root, 'docs', 'COMPATIBILITY.md');

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});

/** Progress goes to stderr. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function resultFile({ package: name }: TriedProgram): string {
  return join(RESULTS, `${name.replaceAll(/[^\w.-]+/g, '-').replace(/^-/, '')}.json`);
}

function isWanted(program: TriedProgram, fingerprint: string): boolean {
  if (values.report) return false;
  if (values.only.length > 0) return values.only.includes(program.package) || values.only.includes(program.bin);
  if (values.all) return true;
  const known = readTried(resultFile(program));
  return known?.fingerprint !== fingerprint || !isDeepStrictEqual(known.program, program);
}

/** Results are published: places of this machine are nobody's business, nor is a program's own way to write them. */
function withoutPlaces(text: string, places: readonly string[]): string {
  return places
    .flatMap((place) => [place, place.toUpperCase()])
    .reduce((kept, place) => kept.replaceAll(place, ''), text);
}

async function tryAll(programs: readonly TriedProgram[], fingerprint: string): Promise<void> {
  const scratch = values.keep === undefined ? mkdtempSync(join(tmpdir(), 'snap-compatibility-')) : resolve(values.keep);
  mkdirSync(RESULTS, { recursive: true });
  mkdirSync(scratch, { recursive: true });
  try {
    for (const program of programs) {
      const startedMs = performance.now();
      say(`${program.package} ${program.version}`);
      const tried = await tryProgram(program, { scratch, fingerprint, say: (text) => say(`  ${text}`) });
      if (tried.failure !== undefined) say(`  ${tried.failure.phase} failed: ${tried.failure.said}`);
      writeFileSync(
        resultFile(program),
        `${withoutPlaces(JSON.stringify(tried, null, 1), [realpathSync(scratch), root, homedir()])}\n`,
      );
      say(`  ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    }
  } finally {
    if (values.keep === undefined) rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function writePage(): void {
  const tried = triedPrograms
    .map((program) => readTried(resultFile(program)))
    .filter((one): one is Tried => one !== undefined);
  writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), tried));
}

const fingerprint = toolFingerprint();
await tryAll(
  triedPrograms.filter((program) => isWanted(program, fingerprint)),
  fingerprint,
);
writePage();
