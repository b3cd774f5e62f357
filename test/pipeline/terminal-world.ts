// What keeps an artifact from having a second world, and what ends its build.
import t from 'tap';
import { SnapError } from '../../src/errors/snap-error.js';
import { withoutWorld } from '../../src/pipeline/terminal-world.js';
import { endlessOnTerminal } from '../../src/verify/errors.js';

t.test('what is known to go wrong is a reason; what is not goes on', async (t) => {
  t.match(withoutWorld(endlessOnTerminal(['--help'], 1_000)), {
    terminal: null,
    oneWorldReason: /^on a terminal, plain did not end within 1 s/,
    isShared: false,
  });
  const ofAnyArea = new SnapError({ code: 'LAUNCHER_NOT_WRITTEN', message: 'no launcher', hint: 'none' });
  t.match(withoutWorld(ofAnyArea), { oneWorldReason: 'no launcher' });
  const interrupted = new DOMException('stopped', 'AbortError');
  for (const error of [new TypeError('a mistake'), interrupted, Object.assign(new Error('full'), { code: 'ENOSPC' })])
    t.throws(() => withoutWorld(error), error);
});
