// Installs the real command-line tools that the tests and benchmarks run, one folder each under perf/corpus, and what
// the samples share, exactly as the package-lock.json there says, without running any install script.
//
//   node test/install-corpus.mjs            every folder, and samples
//   node test/install-corpus.mjs eslint npm these only
//
// A folder that is already installed from the same lock is left alone.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const corpus = join(root, 'perf', 'corpus');
const folders = new Map([['samples', join(root, 'samples')]]);
for (const name of readdirSync(corpus).sort()) {
  if (existsSync(join(corpus, name, 'package-lock.json'))) folders.set(name, join(corpus, name));
}
const known = [...folders.keys()];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`No such corpus: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exitCode = 2;
} else {
  const failed = (asked.length > 0 ? asked : known).filter((name) => !provide(name));
  if (failed.length > 0) {
    console.error(`corpus: not installed: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
}

/** Makes sure that one folder is installed; tells whether it is. */
function provide(name) {
  const folder = folders.get(name);
  const stamp = join(folder, 'node_modules', '.corpus-stamp');
  const wanted = stampOf(folder);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    console.log(`corpus ${name}: up to date`);
    return true;
  }
  const started = Date.now();
  // A registry drops a connection now and then: one more try is cheaper than a failed CI run.
  for (const attempt of ['', ' (second try)']) {
    console.log(`corpus ${name}: npm ci${attempt}`);
    if (install(folder)) {
      writeFileSync(stamp, wanted);
      console.log(`corpus ${name}: installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      return true;
    }
  }
  return false;
}

function install(folder) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) console.error(`corpus: npm could not be started: ${error.message}`);
  return status === 0;
}

/** Changes when the lock does, or what decides which optional packages npm picks. */
function stampOf(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}
