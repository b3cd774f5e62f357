import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HyperfineError,
  type HyperfineErrorCode,
  hyperfineArguments,
  hyperfineVersion,
  parseResults,
  runHyperfine,
} from 'hyperfine-wrapper';
import t from 'tap';

const RESULT = {
  mean: 0.0315,
  stddev: 0.001,
  median: 0.03,
  user: 0.02,
  system: 0.01,
  min: 0.029,
  max: 0.035,
  times: [0.029, 0.03, 0.035],
  exit_codes: [0, 0, null],
};

const isProblem = (code: HyperfineErrorCode) => (error: unknown) =>
  error instanceof HyperfineError && error.code === code;

/** A program that stands in for hyperfine: records its arguments, then runs the JavaScript given as a function body. */
function fakeHyperfine(folder: string, body: string): string {
  const file = join(folder, 'hyperfine');
  const record = `require('fs').writeFileSync(__dirname + '/args.json', JSON.stringify(process.argv.slice(2)))`;
  const json = `const json = process.argv[process.argv.indexOf('--export-json') + 1]`;
  writeFileSync(file, `#!${process.execPath}\n${record};${json};${body}\n`);
  // Fixtures lie below this package, whose files are ES modules unless something says otherwise.
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  chmodSync(file, 0o755);
  return file;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return error instanceof HyperfineError ? error.code : String(error);
  }
}

t.test('results are turned into milliseconds and checked', async (t) => {
  const [result] = parseResults(JSON.stringify({ results: [RESULT] }), ['plain']);
  t.match(result, { name: 'plain', medianMs: 30, minMs: 29, maxMs: 35, userMs: 20, exitCodes: [0, 0, null] });
  t.equal(result?.timesMs.length, 3);
});

t.test('a single run has no deviation', async (t) => {
  const one = { ...RESULT, stddev: null, times: [0.03], exit_codes: [0] };
  t.equal(parseResults(JSON.stringify({ results: [one] }), ['x'])[0]?.stddevMs, null);
});

t.test('damaged results are refused', async (t) => {
  const damaged: readonly unknown[] = [
    [],
    { results: 'none' },
    { results: [] },
    { results: [RESULT, RESULT] },
    { results: [null] },
    { results: [{ ...RESULT, median: '0.03' }] },
    { results: [{ ...RESULT, times: [-1, 0, 0] }] },
    { results: [{ ...RESULT, times: [] }] },
    { results: [{ ...RESULT, exit_codes: [0] }] },
    { results: [{ ...RESULT, exit_codes: ['a', 0, 0] }] },
    { results: [{ ...RESULT, exit_codes: undefined }] },
  ];
  for (const value of damaged)
    t.ok(
      throwsProblem(() => parseResults(JSON.stringify(value), ['x'])),
      JSON.stringify(value),
    );
  t.ok(
    throwsProblem(() => parseResults('{"results":', ['x'])),
    'half a file',
  );
});

function throwsProblem(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    return isProblem('HYPERFINE_OUTPUT')(error);
  }
}

t.test('options become arguments', async (t) => {
  const commands = [
    { name: 'a b', argv: ['node', "it's", ''] },
    { name: 'c', argv: ['-x'] },
  ];
  t.same(hyperfineArguments({ commands, warmup: 3, runs: 5, ignoreFailure: true, prepare: ['sync'] }, '/t/r.json'), [
    ...['-N', '--style', 'none', '--export-json', '/t/r.json', '--warmup', '3', '--runs', '5', '--ignore-failure'],
    ...['--prepare', 'sync', '--command-name', 'a b', '--command-name', 'c', '--', `node 'it'\\''s' ''`, '-x'],
  ]);
  t.match(hyperfineArguments({ commands, minRuns: 7 }, 'r'), [
    '-N',
    '--style',
    'none',
    '--export-json',
    'r',
    '--min-runs',
    '7',
  ]);
});

t.test('options that make no sense are refused', async (t) => {
  const commands = [{ name: 'x', argv: ['x'] }];
  const bad = [
    { commands: [] },
    { commands: [{ name: 'x', argv: [] }] },
    { commands: [{ name: 'x', argv: ['a\0b'] }] },
    { commands, runs: 0 },
    { commands, warmup: -1 },
    { commands, minRuns: 1.5 },
    { commands, prepare: [] },
  ];
  for (const options of bad) t.equal(await codeOf(runHyperfine(options)), 'HYPERFINE_OPTIONS', JSON.stringify(options));
});

t.test('a fake hyperfine on PATH', async (t) => {
  const folder = t.testdir();
  fakeHyperfine(folder, `require('fs').writeFileSync(json, ${JSON.stringify(JSON.stringify({ results: [RESULT] }))})`);
  const before = temporaryFolders();
  const results = await runHyperfine({ commands: [{ name: 'x', argv: ['x y'] }], env: { PATH: folder } });
  t.match(results, [{ name: 'x', medianMs: 30 }]);
  const args: unknown = JSON.parse(readFileSync(join(folder, 'args.json'), 'utf8'));
  t.match(args, { 0: '-N', 7: '--', 8: "'x y'" });
  t.same(temporaryFolders(), before, 'its temporary folder is gone');
});

const temporaryFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('hyperfine-'));

t.test('failures have their own codes, messages and hints', async (t) => {
  const commands = [{ name: 'x', argv: ['x'] }];
  const empty = t.testdir({ empty: {} });
  try {
    await runHyperfine({ commands, env: { PATH: join(empty, 'empty') } });
    t.fail('it ran without hyperfine');
  } catch (error) {
    t.match(error, { code: 'HYPERFINE_MISSING', hint: /apt-get install hyperfine/, cause: { code: 'ENOENT' } });
  }
  const binary = fakeHyperfine(empty, `console.error('Error: no such thing'); process.exit(1)`);
  await t.rejects(runHyperfine({ commands, binary }), {
    code: 'HYPERFINE_FAILED',
    message: /exit code 1.*no such thing/,
  });
  fakeHyperfine(empty, `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60000)`);
  await t.rejects(runHyperfine({ commands, binary }), { code: 'HYPERFINE_FAILED', message: /SIGTERM/ });
  fakeHyperfine(empty, '');
  t.equal(await codeOf(runHyperfine({ commands, binary })), 'HYPERFINE_OUTPUT');
  t.equal(await codeOf(runHyperfine({ commands, binary, cwd: join(empty, 'gone') })), 'HYPERFINE_OPTIONS');
});

t.test('the real hyperfine', async (t) => {
  const version = await hyperfineVersion();
  if (version === null) {
    t.comment('hyperfine is not installed here: the cases with a fake one stand alone');
    t.equal(await codeOf(runHyperfine({ commands: [{ name: 'x', argv: ['true'] }] })), 'HYPERFINE_MISSING');
    return;
  }
  const marker = join(t.testdir(), `a 'quoted' "$HOME" \\ file`);
  const write = `require('fs').writeFileSync(process.argv[1], process.env.WORD + process.argv[2])`;
  const results = await runHyperfine({
    commands: [
      { name: 'writes', argv: [process.execPath, '-e', write, marker, ''] },
      { name: 'fails', argv: [process.execPath, '-e', 'process.exit(3)'] },
    ],
    warmup: 0,
    runs: 2,
    ignoreFailure: true,
    env: { ...process.env, WORD: 'word' },
  });
  t.ok(existsSync(marker), 'arguments arrive unharmed');
  t.equal(readFileSync(marker, 'utf8'), 'word', 'the environment arrives');
  t.match(results, [
    { name: 'writes', exitCodes: [0, 0] },
    { name: 'fails', exitCodes: [3, 3] },
  ]);
  t.ok(results.every(({ timesMs, medianMs }) => timesMs.length === 2 && medianMs > 0));
  const failing = [{ name: 'fails', argv: [process.execPath, '-e', 'process.exit(3)'] }];
  t.equal(await codeOf(runHyperfine({ commands: failing, runs: 2 })), 'HYPERFINE_FAILED');
});
