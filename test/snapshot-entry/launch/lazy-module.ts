// A module that is evaluated at its first use, and what stands for its exports until then.
import { inspect } from 'node:util';
import t from 'tap';
import { builtinStandIn, LazyModule, standIn } from '../../../snapshot-entry/launch/lazy-module.cjs';
import { NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import type { BakedModule } from '../../../snapshot-entry/launch/registry.cjs';
import type { Stage } from '../../../snapshot-entry/launch/replay.cjs';

const called = (name: string) => ({ name, isCalled: true });
const read = (name: string) => ({ name, isCalled: false });

interface Made {
  readonly lazy: LazyModule;
  readonly module: BakedModule['module'];
  /** How often it was evaluated. */
  count(): number;
}

function lazyModule(load: (module: BakedModule['module'], time: number) => void): Made {
  const module = new NodeModules('/lazy.js');
  module.loaded = true;
  let times = 0;
  const stage = { run: (run: () => void) => run() } as unknown as Stage;
  const baked = { module, file: '/lazy.js', require: null } as unknown as BakedModule;
  const lazy = new LazyModule(baked, () => load(module, ++times), stage, { asAtLoad: (_own, work) => work() });
  return { lazy, module, count: () => times };
}

t.test('it is evaluated once, when somebody looks', (t) => {
  const { lazy, module, count } = lazyModule((own) => {
    t.equal(own.loaded, false, 'while it is evaluated');
    own.exports = { a: 1 };
  });
  t.same([module.loaded, count(), lazy.isUntouched()], [true, 0, true]);
  t.same(module.exports, { a: 1 });
  t.equal(module.exports, lazy.value());
  t.same([module.loaded, count(), lazy.isUntouched()], [true, 1, true]);
  t.match(Object.getOwnPropertyDescriptor(module, 'exports'), { writable: true, enumerable: true, configurable: true });
  t.end();
});

t.test('inspecting it shows what a loaded module shows', (t) => {
  const { module } = lazyModule((own) => {
    own.exports = { a: 1 };
  });
  t.match(inspect(module, { depth: 3 }), /exports: \{ a: 1 \}/);
  t.same(
    Object.getOwnPropertySymbols(module).map(String),
    Object.getOwnPropertySymbols(new NodeModules('')).map(String),
  );
  t.end();
});

t.test('other exports in the place of its own', (t) => {
  const { lazy, module, count } = lazyModule((own) => {
    own.exports = { a: 1 };
  });
  module.exports = { a: 2 };
  t.same([count(), lazy.isUntouched(), lazy.value(), module.exports], [1, false, { a: 1 }, { a: 2 }]);
  const late = lazyModule(() => undefined);
  late.lazy.value();
  late.module.exports = {};
  t.notOk(late.lazy.isUntouched(), 'after the first use, too');
  t.end();
});

t.test('where the stack was at its end, it is tried again', (t) => {
  const { lazy, module, count } = lazyModule((own, time) => {
    if (time === 1) throw new RangeError('Maximum call stack size exceeded');
    own.exports = 'there';
  });
  t.throws(() => lazy.value(), RangeError);
  t.same([module.loaded, lazy.isUntouched()], [true, true]);
  t.same([module.exports, count()], ['there', 2]);
  t.end();
});

t.test('a stand-in', (t) => {
  let asked = 0;
  const real = {
    self() {
      return this;
    },
    plain: 1,
    Type: class Type {},
  };
  const x = standIn([called('self'), read('plain'), read('Type'), called('missing')], () => {
    asked++;
    return real;
  }) as typeof real & { missing: () => void };
  t.equal(asked, 0);
  t.equal(x.self(), real, 'its methods have the real exports as `this`');
  t.equal(x.self, x.self, 'and are made once');
  real.plain = 2;
  t.same([x.plain, x.Type === real.Type, new x.Type() instanceof real.Type], [2, true, true]);
  real.self = () => ({ ...real, plain: 3 });
  t.equal(x.self().plain, 3, 'what was put there later');
  t.throws(() => x.missing(), { name: 'TypeError', message: 'x.missing is not a function' });
  const none = standIn([read('a')], () => null) as { a: unknown };
  t.throws(() => none.a, { message: "Cannot read properties of null (reading 'a')" });
  t.end();
});

t.test('a stand-in for a built-in', (t) => {
  let loads = 0;
  const host = {
    asAtLoad(_own: BakedModule, work: () => void) {
      loads++;
      work();
    },
  };
  const uses = { request: 'tty', members: [called('isatty'), read('WriteStream')] };
  const tty = builtinStandIn('node:tty', uses, {} as BakedModule, host);
  t.equal(loads, 0);
  t.same((tty as typeof import('node:tty')).isatty(-1), false);
  t.equal((tty as typeof import('node:tty')).WriteStream.name, 'WriteStream');
  t.equal(loads, 1, 'with what its load would have taken, once');
  t.end();
});
