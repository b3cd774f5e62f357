/**
 * Proves the allow-list: under each listed option a snapshot boots, and the option has the effect that it has on a
 * plain run. One probe an option; a listed option without a probe fails.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { snapshotOption } from '../../snapshot-entry/shared/launch-requests.cjs';
import { type AllowedOption, factsFor } from '../../src/target/facts.js';
import { cleanEnvironment, nodeBinaries } from './harness/binaries.js';

interface Probe {
  /** CommonJS that shows the option's effect. */
  readonly code: string;
  /** For options with digits. */
  readonly value?: string;
  /** Whether a run with the option must differ from one without: shows that the probe sees it. */
  readonly differs: (value: string) => boolean;
}

const always = (): boolean => true;
// First a rejection that a listener takes, then one that nobody takes: each value shows otherwise.
const rejection = `process.on('exit', (code) => console.log('exit', code));
process.once('unhandledRejection', () => console.log('taken'));
Promise.reject(new Error('first'));
setTimeout(() => Promise.reject(new Error('second')), 5);`;
const probes: Record<string, Probe> = {
  '--no-warnings': { code: `process.emitWarning('careful')`, differs: always },
  '--trace-warnings': { code: `process.emitWarning('careful')`, differs: always },
  '--unhandled-rejections': { code: rejection, differs: (value) => value !== 'throw' },
  '--dns-result-order': {
    code: `console.log(require('node:dns').getDefaultResultOrder())`,
    differs: (value) => value !== 'verbatim',
  },
  '--max-http-header-size': { code: `console.log(require('node:http').maxHeaderSize)`, value: '9999', differs: always },
  '--max-old-space-size': {
    code: `console.log(require('node:v8').getHeapStatistics().heap_size_limit)`,
    value: '300',
    differs: always,
  },
  '--max-semi-space-size': {
    code: `console.log(require('node:v8').getHeapStatistics().heap_size_limit)`,
    value: '8',
    differs: always,
  },
};

const builder = `require('node:v8').startupSnapshot.setDeserializeMainFunction(() => {
  require('node:vm').runInThisContext('(function (require) {' + process.env.PROBE + '})', 'probe.js')(require);
});`;

function words({ flag, value }: AllowedOption): { word: string; value: string }[] {
  if (value === 'none') return [{ word: flag, value: '' }];
  const values = value === 'digits' ? [probes[flag]?.value ?? ''] : value;
  return values.map((one) => ({ word: `${flag}=${one}`, value: one }));
}

/** Pids and stack frames differ between any two runs; that there are frames does not. */
function shown(text: string): string {
  return text
    .replace(/\(node:\d+\)/g, '(node:PID)')
    .replace(/(\n {4}at [^\n]*)+/g, '\n    at FRAMES')
    .replace(/^.*probe\.js:\d+[\s\S]*?\n(?=\S*Error|\[|Node)/m, '');
}

for (const { major, path, version } of nodeBinaries()) {
  t.test(`node ${major}: each allowed NODE_OPTIONS word does after boot what it does plainly`, async (t) => {
    const dir = t.testdir({ 'builder.cjs': builder, 'probe.cjs': '' });
    const blob = join(dir, 'probe.blob');
    const built = spawnSync(path, ['--snapshot-blob', blob, '--build-snapshot', join(dir, 'builder.cjs')], {
      env: cleanEnvironment(),
    });
    t.equal(built.status, 0);
    const main = `require('node:vm').runInThisContext('(function (require) {' + process.env.PROBE + '})', 'probe.js')(require);`;
    writeFileSync(join(dir, 'probe.cjs'), main);
    const run = (code: string, option: string, args: string[]): string => {
      const env = { ...cleanEnvironment(), PROBE: code, ...(option === '' ? {} : { NODE_OPTIONS: option }) };
      const { status, signal, stdout, stderr } = spawnSync(path, args, { env, encoding: 'utf8' });
      return shown(`${status} ${signal}\n${stdout}\n${stderr}`);
    };
    for (const option of factsFor(version)?.nodeOptionsAllow ?? []) {
      const probe = probes[option.flag];
      t.ok(probe, `${option.flag} has a probe`);
      if (probe === undefined) continue;
      for (const { word, value } of words(option)) {
        const plain = run(probe.code, word, [join(dir, 'probe.cjs')]);
        const booting = `${word} ${snapshotOption(blob)}`;
        t.equal(run(probe.code, booting, [join(dir, 'probe.cjs')]), plain, word);
        if (probe.differs(value)) t.not(plain, run(probe.code, '', [join(dir, 'probe.cjs')]), `${word} shows`);
      }
    }
  });
}
