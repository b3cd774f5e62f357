// What a user reads of each error: what happened, to which file, and what to do next.
import t from 'tap';
import * as artifact from '../../src/artifact/errors.js';
import * as bake from '../../src/bake/errors.js';
import { describeError } from '../../src/cli/report-error.js';
import * as entry from '../../src/entry/errors.js';
import { SnapError } from '../../src/errors/snap-error.js';
import * as hazards from '../../src/hazards/errors.js';
import * as launch from '../../src/launch/errors.js';
import * as pack from '../../src/pack/errors.js';
import { nodeError } from '../../src/target/errors.js';
import * as trace from '../../src/trace/errors.js';
import * as verify from '../../src/verify/errors.js';

const cause = new Error('the cause');

const thrown: readonly SnapError[] = [
  artifact.outForeign('/out', 'x, y'),
  artifact.outNotFolder('/out'),
  artifact.outUnsafe('/out'),
  artifact.outBusy('/out', cause),
  artifact.outName('a/b'),
  artifact.notAnArtifact('/out', cause),
  bake.bakeFailed('/bin/node', 'exit code 1'),
  bake.bakeUnprovable('/bin/node', '3 bytes differ'),
  entry.entryMissing('none.js', null),
  entry.entryMissing('none', '/app'),
  entry.commandIsArchived('tool', '/app'),
  entry.entryIsFolder('/app'),
  entry.entryUnreadable('/app/cli.js', cause),
  entry.fileUnreadable('/app/lib.js', Object.assign(new Error('no'), { code: 'EACCES' })),
  entry.entryNotNode('/app/cli.sh', '/bin/sh'),
  entry.entryNotJavaScript('/app/cli.ts'),
  entry.entrySyntax('/app/cli.js', 'x is broken'),
  entry.entryPackageConfig('/app/package.json', cause),
  hazards.tooManyCulprits('/app/x.js', 'killed', cause),
  hazards.analysisFailed('/app/x.js', 'killed', cause),
  hazards.nodeFailed('/bin/node', cause),
  ...(['NODE_MISSING', 'NODE_UNUSABLE', 'NODE_TOO_OLD', 'NODE_NO_SNAPSHOT'] as const).map((code) =>
    nodeError(code, '/bin/node', cause),
  ),
  ...[
    launch.launcherNotWritten('/out/cli'),
    launch.launcherName('a/b'),
    launch.stampNotMade('/out/s'),
    launch.stampNotExact('/out/s', '/n'),
  ].map((problem) => new launch.LaunchError(problem, cause)),
  ...[pack.badKey('x'), pack.duplicateModule('/x'), pack.conflictingResolution('/x', './y'), pack.staleCache('/x')].map(
    (fault) => new pack.PackWriteError(fault, cause),
  ),
  ...[
    pack.badHeader('arch', 'x'),
    pack.tooLarge(5e9),
    pack.writeFailed('/out/app.pack', 'EIO'),
    pack.notReadBack('/out/app.pack', 'x'),
  ].map((fault) => new pack.PackWriteError(fault)),
  ...[
    trace.entryMissing('/x.js'),
    trace.nodeFailed('/bin/node', 'EACCES'),
    trace.timedOut('/x.js', ['a b'], 30_000),
    trace.aborted('/x.js'),
    trace.noRecording('/x.js', [], 'SIGKILL', 'oops'),
    trace.badRecording('/x', 'cut off'),
    trace.badArgs('"x', 'a quote is not closed'),
    trace.sandboxTooLarge('/app', 2 ** 30),
    trace.sandboxFailed('/app', 'EACCES'),
  ].map((problem) => new trace.TraceError(problem)),
  verify.endlessOnTerminal(['a b'], 60_000),
  verify.plainOnTerminal(['--help']),
  verify.unsteadyOnTerminal(['--help']),
];

for (const error of thrown) {
  const { code, hint } = error;
  t.test(code, async (t) => {
    t.ok(error instanceof SnapError);
    const { text, exitCode } = describeError(error, false);
    t.ok(exitCode > 1);
    const [first, ...rest] = text.split('\n');
    t.ok(first?.startsWith('snap: ') && first.length > 12, text);
    t.ok(text.includes(error.message), 'what happened');
    t.ok(hint.length > 10 && rest.includes(`  ${hint}`), 'and what to do next');
    t.notMatch(text, /undefined|\[object|\n\s+at /);
  });
}

t.test('a full disk and a missing permission are told in words, whatever met them', async (t) => {
  for (const [code, words] of [
    ['ENOSPC', /disk of \/out\/x is full/],
    ['EROFS', /cannot be written \(EROFS\)/],
  ] as const) {
    const { text, exitCode } = describeError(Object.assign(new Error('write failed'), { code, path: '/out/x' }), false);
    t.match(text, words);
    t.equal(exitCode, 6);
  }
});

t.test('a cause is shown where it explains, cut to what can be read', async (t) => {
  const long = new Error(Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n'));
  const { text } = describeError(nodeError('NODE_UNUSABLE', '/bin/node', long), false);
  t.match(text, /cause: line 0\n {2}line 1\n/);
  t.notMatch(text, /line 12/);
  t.notMatch(describeError(artifact.outBusy('/out', cause), false).text, /the cause/);
});

t.test('describing an error prints nothing; the stack that --verbose asks for is in the text', async (t) => {
  const error = artifact.outNotFolder('/out');
  const { write } = process.stderr;
  let printed = '';
  process.stderr.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  try {
    const { text } = describeError(error, true);
    t.ok(text.startsWith(`${error.stack}\nsnap: ${error.message}\n`), text);
    t.ok(text.endsWith(describeError(error, false).text));
  } finally {
    process.stderr.write = write;
  }
  t.equal(printed, '');
});

t.test('an interrupted build says so', async (t) => {
  const { text, exitCode } = describeError(AbortSignal.abort().reason, false);
  t.equal(exitCode, 130);
  t.match(text, /^snap: interrupted/);
});

t.test('an error that no catalogue knows keeps its stack', async (t) => {
  const { text, exitCode } = describeError(new TypeError('x is not a function'), false);
  t.equal(exitCode, 1);
  t.match(text, /^snap: unexpected error\nTypeError: x is not a function\n\s+at /);
  t.match(describeError('a string', false), { text: /a string/, exitCode: 1 });
  t.match(describeError(Object.assign(new Error('odd'), { code: 'ERR_ODD' }), false), { exitCode: 1 });
});
