import t from 'tap';
import { PhaseClock } from '../../src/pipeline/phases.js';

function clockWith(told: string[]): PhaseClock {
  return new PhaseClock({ phase: (phase, detail) => told.push(`${phase}: ${detail}`), note: () => undefined });
}

t.test('a phase is told when it begins, and its result handed on', async (t) => {
  const told: string[] = [];
  const clock = clockWith(told);
  const result = await clock.run('bake', '3 modules', () => {
    t.same(told, ['bake: 3 modules']);
    return 'baked';
  });
  t.equal(result, 'baked');
});

t.test('a phase that comes again adds to its time', async (t) => {
  const clock = clockWith([]);
  const wait = () => new Promise((resolve) => setTimeout(resolve, 30));
  await clock.run('pack', '', wait);
  const once = clock.timings.pack ?? 0;
  await clock.run('pack', '', wait);
  await clock.run('plan', '', () => undefined);
  t.ok(once > 0 && (clock.timings.pack ?? 0) > once);
  t.same(Object.keys(clock.timings), ['pack', 'plan']);
});

t.test('a phase that fails has taken time, too', async (t) => {
  const clock = clockWith([]);
  await t.rejects(
    clock.run('trace', '', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  t.ok('trace' in clock.timings);
});
