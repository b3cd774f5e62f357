// What prepares Node's loader is gone from it before user code runs, however a load ends.
import t, { type Test } from 'tap';
import type { LoaderShapes, RequireFunction } from '../../../snapshot-entry/launch/loader-shapes.cjs';
import { type NodeModule, NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import { type Content, OneShot } from '../../../snapshot-entry/launch/one-shot.cjs';

const { _resolveFilename, _extensions } = NodeModules;
const { '.js': js, '.json': json } = _extensions;

function isPristine(): boolean {
  return (
    NodeModules._resolveFilename === _resolveFilename && _extensions['.js'] === js && _extensions['.json'] === json
  );
}

/** The loader's functions without their placement. */
const shapes: LoaderShapes = {
  makeRequire: () => Object.assign(() => undefined, { resolve: () => '' }) as unknown as RequireFunction,
  makeExtension: (open, compile) => (module, filename) => {
    compile.call(module, open(module, filename));
  },
  makeCompile: (before, after) =>
    function (wrapper) {
      const result = Reflect.apply(wrapper, this.exports, before(this));
      after(this);
      return result;
    },
};

const executing = Symbol('kIsExecuting');
const oneShot = () => new OneShot(shapes, executing);

function commonjs(body: (module: NodeModule) => void): Content {
  return { kind: 'commonjs', wrapper: (_exports, _require, module) => body(module as NodeModule) };
}

function load(file: string): unknown {
  return NodeModules._load(file, null, false);
}

/** A test at whose end Node's loader must be as it was. */
function loads(name: string, files: Record<string, string>, work: (t: Test, folder: string) => void): void {
  t.test(name, async (t) => {
    work(t, t.testdir({ 'package.json': '{}', ...files }));
    t.equal(isPristine(), true, 'nothing is left in the loader');
  });
}

loads('user code never sees the substitutes', {}, (t, dir) => {
  const file = `${dir}/absent.js`;
  const seen: unknown[] = [];
  oneShot().arm(
    file,
    commonjs((module) => {
      seen.push(isPristine(), module.filename, module[executing]);
      module.exports = 'packed';
    }),
  );
  t.equal(isPristine(), false);
  t.equal(load('anything'), 'packed');
  t.same(seen, [true, file, true]);
  t.equal(NodeModules._cache[file]?.[executing], false);
});

loads('JSON is handed over, parsed', {}, (t, dir) => {
  const file = `${dir}/absent.json`;
  oneShot().arm(file, { kind: 'json', exports: { a: 1 } });
  t.same(load('anything'), { a: 1 });
});

loads(
  'a file without content is resolved for Node, which reads it',
  { 'x.js': 'module.exports = "from disk"' },
  (t, dir) => {
    oneShot().arm(`${dir}/x.js`, undefined);
    t.equal(load('anything'), 'from disk');
  },
);

loads('user code that throws leaves nothing behind', {}, (t, dir) => {
  const file = `${dir}/throws.js`;
  oneShot().arm(
    file,
    commonjs(() => {
      throw new Error('at load');
    }),
  );
  t.throws(() => load('anything'), { message: 'at load' });
  t.equal(isPristine(), true);
  t.equal(NodeModules._cache[file], undefined);
});

loads(
  'Node comes with another file than the one prepared',
  { 'other.js': 'module.exports = "other"', 'other.json': '{"other":true}' },
  (t, dir) => {
    const wrong: Content = commonjs((module) => {
      module.exports = 'wrong';
    });
    oneShot().arm(`${dir}/prepared.js`, wrong);
    const module = new NodeModules(`${dir}/other.js`);
    _extensions['.js']?.(module, `${dir}/other.js`);
    t.equal(module.exports, 'other');
    t.equal(isPristine(), true);
    oneShot().arm(`${dir}/prepared.json`, { kind: 'json', exports: 'wrong' });
    const data = new NodeModules(`${dir}/other.json`);
    _extensions['.json']?.(data, `${dir}/other.json`);
    t.same(data.exports, { other: true });
  },
);

loads('what was not used is taken back', {}, (t, dir) => {
  const file = `${dir}/unused.js`;
  const shot = oneShot();
  shot.arm(
    file,
    commonjs(() => undefined),
  );
  shot.disarm();
  t.equal(isPristine(), true);
  t.throws(() => load(file), { code: 'MODULE_NOT_FOUND' });
  shot.disarm();
  t.equal(isPristine(), true, 'twice is once');
});

loads('what somebody else put into the loader meanwhile stays', {}, (t, dir) => {
  const file = `${dir}/unused.js`;
  const shot = oneShot();
  shot.arm(
    file,
    commonjs(() => undefined),
  );
  const theirs = () => undefined;
  _extensions['.js'] = theirs;
  shot.disarm();
  t.equal(_extensions['.js'], theirs);
  t.equal(NodeModules._resolveFilename, _resolveFilename);
  _extensions['.js'] = js as typeof theirs;
});

loads('a load within a load has its own preparation', {}, (t, dir) => {
  const shot = oneShot();
  shot.arm(
    `${dir}/outer.js`,
    commonjs((module) => {
      shot.arm(
        `${dir}/inner.js`,
        commonjs((inner) => {
          inner.exports = 'inner';
        }),
      );
      module.exports = ['outer', load('anything')];
    }),
  );
  t.same(load('anything'), ['outer', 'inner']);
});
