// Conditions on a run, asked of this very process.
import t from 'tap';
import { Guards, withStandInStreams } from '../../../snapshot-entry/launch/guards.cjs';

type Plans = ConstructorParameters<typeof Guards>[0];

function holds(plans: Plans, isTerminal = false): boolean {
  return new Guards(plans, 'salt', () => ({ isatty: () => isTerminal })).holdsAt(0);
}

function withVariable<T>(name: string, value: string | undefined, work: () => T): T {
  const before = process.env[name];
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

t.test('a variable that is not set', async (t) => {
  const plans: Plans = [{ kind: 'env-unset', name: 'SNAP_GUARDED' }];
  t.equal(holds(plans), true);
  withVariable('SNAP_GUARDED', 'x', () => t.equal(holds(plans), false));
  withVariable('SNAP_GUARDED', '', () => t.equal(holds(plans), false, 'empty is set'));
});

t.test('a variable as it was', async (t) => {
  const made = withVariable(
    'SNAP_GUARDED',
    'xterm',
    () => new Guards([{ kind: 'env-same', name: 'SNAP_GUARDED' }], 's', () => 0),
  );
  withVariable('SNAP_GUARDED', 'xterm', () => t.equal(made.holdsAt(0), true));
  withVariable('SNAP_GUARDED', 'dumb', () => t.equal(made.holdsAt(0), false));
  t.equal(made.holdsAt(0), false, 'gone');
});

t.test('another environment object', async (t) => {
  const own = process.env;
  const guards = new Guards(
    [
      { kind: 'env-unset', name: 'SNAP_GUARDED' },
      { kind: 'env-none', test: '() => false' },
    ],
    '',
    () => 0,
  );
  t.teardown(() => {
    process.env = own;
  });
  process.env = {};
  t.equal(guards.holdsAt(0), false);
  t.equal(guards.holdsAt(1), false);
});

t.test('variables that pass a test of names', async (t) => {
  const plans: Plans = [{ kind: 'env-none', test: 'function (key) { return /^snap_guarded_/i.test(key); }' }];
  t.equal(holds(plans), true);
  withVariable('SNAP_GUARDED_X', '', () => t.equal(holds(plans), false));
});

t.test('words of the command line', async (t) => {
  const plans: Plans = [{ kind: 'argv-without', word: '--color' }];
  t.equal(holds(plans), true);
  process.argv.push('--color');
  t.teardown(() => process.argv.pop());
  t.equal(holds(plans), false);
});

t.test('terminals', async (t) => {
  t.equal(holds([{ kind: 'no-terminal', fd: 1 }]), true);
  t.equal(holds([{ kind: 'no-terminal', fd: 1 }], true), false);
  t.equal(holds([{ kind: 'terminal', fd: 1 }]), false);
  t.equal(holds([{ kind: 'terminal', fd: 1 }], true), true);
  const stream = process.stderr as { isTTY?: boolean; columns?: number; fd?: number };
  t.equal(holds([{ kind: 'plain-stream', name: 'stderr' }]), stream.isTTY === undefined);
  const before = stream.isTTY;
  stream.isTTY = true;
  t.equal(holds([{ kind: 'plain-stream', name: 'stderr' }]), false, 'whoever has set it');
  t.equal(holds([{ kind: 'terminal-stream', name: 'stderr' }]), true);
  const { fd = 2 } = stream;
  stream.fd = 7;
  t.equal(holds([{ kind: 'terminal-stream', name: 'stderr' }]), false, 'another descriptor');
  stream.fd = fd;
  if (before === undefined) delete stream.isTTY;
  t.equal(holds([{ kind: 'terminal-stream', name: 'stderr' }]), before === true);
  if (before === true) return;
  stream.columns = 80;
  t.equal(holds([{ kind: 'plain-stream', name: 'stderr' }]), false, 'what has a size');
  delete stream.columns;
});

t.test('while building for terminals, they are terminals; later what they are', async (t) => {
  const own = { isatty: (fd: number) => fd === 7 };
  const tty = { ...own };
  const world = { isTerminal: true, guards: [{ kind: 'terminal', fd: 1 }] } as const;
  const restore = withStandInStreams(world, () => tty);
  const kept = process.stdout;
  const { isatty } = tty;
  t.equal(kept.isTTY, true);
  t.equal(kept.fd, 1);
  t.equal(kept.columns, undefined);
  t.same([0, 1, 2, 3, 7].map(isatty), [true, true, true, false, true]);
  t.equal(isatty.name, 'isatty');
  restore();
  t.equal(tty.isatty, own.isatty);
  t.same([0, 1, 2, 3, 7].map(isatty), [false, false, false, false, true], 'whoever has kept it');
  t.equal(kept.isTTY, process.stdout.isTTY);
});

t.test('where nobody asks it, tty is not loaded', async (t) => {
  const refuse = () => t.fail('loaded');
  withStandInStreams({ isTerminal: true, guards: [{ kind: 'terminal-stream', name: 'stdout' }] }, refuse)();
  withStandInStreams({ isTerminal: false, guards: [{ kind: 'no-terminal', fd: 1 }] }, refuse)();
});

t.test('while building, streams answer for no terminal; later they are the run’s own', async (t) => {
  const own = process.stdout;
  const restore = withStandInStreams({ isTerminal: false, guards: [] }, () => ({}));
  const kept = process.stdout;
  t.equal(kept.fd, 1);
  t.equal(kept.isTTY, undefined);
  t.equal(kept.write, undefined);
  restore();
  t.equal(process.stdout, own);
  t.equal(kept.write, own.write);
  t.ok('columns' in kept === 'columns' in own);
});
