// The house: rooms stand on floors, and nobody imports from a floor above, nor from another room on the same one. Held for
// imports of types, too. A new room is a word in FLOORS.
import t from 'tap';
import { parse, type Source, sourcesIn } from './harness/sources.js';

/** Of src/, from the ground up. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'cache', 'perf'],
  ['graph'],
  ['source'],
  ['blob'],
  ['target'],
  ['entry'],
  ['trace'],
  ['hazards'],
  ['plan'],
  ['stamps'],
  ['bake'],
  ['pack'],
  ['launch'],
  ['artifact'],
  ['verify'],
  ['pipeline'],
  ['cli', 'index.ts'],
];

/** Rooms of snapshot-entry/, and what each may import besides itself and `node:` built-ins. */
const ENTRY_ROOMS: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  launch: ['shared'],
  builder: ['shared', 'launch'],
  trial: ['shared', 'launch'],
};

const LONGEST_FILE = 400;
const LONGEST_FUNCTION = 55;

/** Those that start processes; what measures starts its own, so that nothing stands between. */
const STARTS_PROCESSES = /^src\/target\/|^src\/perf\/spawn-timer\.ts$|^perf\//;
const PROCESSES = new Set(['child_process', 'node:child_process']);

interface Room {
  readonly area: string;
  readonly room: string;
}

/** `src` and `plan` of `src/plan/order.ts`; perf/ has one room. */
function roomOf(file: string): Room {
  const [area = '', room = ''] = file.split('/');
  return { area, room: area === 'perf' ? '' : room };
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

/** Code that runs inside the target node, in a builder, may use what runs there. */
function runsInTarget(file: string): boolean {
  return file.endsWith('.cts');
}

/** Why `file` must not import `target`; null where it may. */
function faultOf(file: string, target: string): string | null {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from.area === to.area && from.room === to.room) return null;
  if (from.area === 'snapshot-entry') {
    const may = to.area === from.area && ENTRY_ROOMS[from.room]?.includes(to.room) === true;
    return may ? null : `${from.room} may import ${['itself', ...(ENTRY_ROOMS[from.room] ?? [])].join(', ')}`;
  }
  if (from.area === 'perf') return null;
  if (to.area === 'snapshot-entry') return faultOfEntry(file, from.room, to.room);
  if (to.area !== 'src') return `src may not import ${to.area}`;
  const [above, below] = [floorOf(from.room), floorOf(to.room)];
  if (above < 0 || below < 0) return 'a room that is on no floor';
  return below < above ? null : `${to.room} is not below ${from.room}`;
}

function faultOfEntry(file: string, room: string, entryRoom: string): string | null {
  if (entryRoom === 'shared') return floorOf(room) > floorOf('graph') ? null : 'only rooms above graph may import it';
  if (runsInTarget(file)) return null;
  const isReader = entryRoom === 'launch' && floorOf(room) >= floorOf('pack');
  return isReader
    ? null
    : `only what runs in a builder may import ${entryRoom}; its readers and writers (pack and up), launch`;
}

function faultsIn(sources: readonly Source[]): string[] {
  return sources.flatMap(({ file, imports }) =>
    imports.flatMap(({ target, isRelative }) => {
      const fault = isRelative ? faultOf(file, target) : null;
      return fault === null ? [] : `${file} → ${target}: ${fault}`;
    }),
  );
}

/** Files on a cycle of imports that are evaluated, in its order; null where there is none. O(V+E). */
function cycleIn(sources: readonly Source[]): string[] | null {
  const targets = new Map(
    sources.map(({ file, imports }) => [
      file,
      imports.filter(({ isRelative, isType, isEager }) => isRelative && !isType && isEager).map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const target of targets.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

const sources = sourcesIn(['src', 'snapshot-entry', 'perf']);

t.test('all sources are read', async (t) => {
  for (const area of ['src', 'snapshot-entry', 'perf']) {
    t.ok(sources.filter(({ file }) => roomOf(file).area === area).length > 10, area);
  }
  t.ok(sources.some(({ file }) => file.endsWith('.cts')));
});

t.test('every room is on a floor', async (t) => {
  const rooms = new Set(sources.flatMap(({ file }) => (roomOf(file).area === 'src' ? roomOf(file).room : [])));
  t.same(
    [...rooms].filter((room) => floorOf(room) < 0),
    [],
  );
  const known = new Set<string>(FLOORS.flat());
  t.same(
    [...known].filter((room) => !rooms.has(room)),
    [],
    'and none is listed that is gone',
  );
});

t.test('nobody imports from a floor above', async (t) => {
  t.same(faultsIn(sources), []);
});

t.test('no cycle of imports', async (t) => {
  t.equal(cycleIn(sources), null);
});

t.test('what runs in users’ processes imports built-ins and itself', async (t) => {
  const foreign = sources
    .filter(({ file }) => roomOf(file).area === 'snapshot-entry')
    .flatMap(({ file, imports }) =>
      imports
        .filter(({ target, isRelative }) => !isRelative && !target.startsWith('node:'))
        .map(({ target }) => `${file} → ${target}`),
    );
  t.same(foreign, []);
});

t.test('processes are started in one room', async (t) => {
  const starting = sources
    .filter(({ imports }) => imports.some(({ target, isType }) => PROCESSES.has(target) && !isType))
    .map(({ file }) => file);
  t.same(
    starting.filter((file) => !STARTS_PROCESSES.test(file)),
    [],
  );
  t.ok(starting.includes('src/target/child.ts'));
});

t.test('versions of Node are told apart in one room', async (t) => {
  const asking = sources.filter(({ versionTests }) => versionTests.length > 0).map(({ file }) => file);
  t.same(
    asking.filter((file) => !/^src\/target\/|^perf\//.test(file)),
    [],
  );
});

t.test('files and functions are short enough to be read', async (t) => {
  t.same(
    sources.filter(({ lines }) => lines > LONGEST_FILE).map(({ file, lines }) => `${file}: ${lines} lines`),
    [],
  );
  const long = sources.flatMap(({ file, functions }) =>
    functions
      .filter(({ lines }) => lines > LONGEST_FUNCTION)
      .map(({ line, lines }) => `${file}:${line}: a function of ${lines} lines`),
  );
  t.same(long, []);
});

t.test('the test sees what it is to see', async (t) => {
  const seen = (file: string, text: string) => faultsIn([parse(file, text)]).length;
  t.equal(seen('src/plan/a.ts', "import type { Bake } from '../bake/bake.js';"), 1, 'a type from above');
  t.equal(seen('src/bake/a.ts', "import type { Plan } from '../plan/types.js';"), 0, 'and from below');
  t.equal(seen('src/plan/a.ts', "export { x } from '../cli/main.js';"), 1);
  t.equal(seen('src/plan/a.ts', "const x = await import('../cli/main.js');"), 1);
  t.equal(seen('src/plan/a.ts', "type X = import('../cli/main.js').X;"), 1);
  t.equal(seen('src/errors/a.ts', "import x from '../cache/content-cache.js';"), 1, 'another room of the floor');
  t.equal(seen('src/graph/a.ts', "import x from '../../snapshot-entry/shared/facts.cjs';"), 1);
  t.equal(seen('src/plan/a.ts', "import x from '../../snapshot-entry/builder/builder.cjs';"), 1);
  t.equal(seen('src/hazards/a.cts', "import x = require('../../snapshot-entry/builder/builder.cjs');"), 0);
  t.equal(seen('snapshot-entry/launch/a.cts', "import x = require('../trial/warm-up.cjs');"), 1);
  t.equal(seen('snapshot-entry/launch/a.cts', "const x = require('../../src/graph/types.js');"), 1);

  const [a, b] = ["import { b } from './b.js';", "import { a } from './a.js';"];
  const cycle = (text: string) => cycleIn([parse('src/plan/a.ts', a), parse('src/plan/b.ts', text)]);
  t.same(cycle(b), ['src/plan/a.ts', 'src/plan/b.ts', 'src/plan/a.ts']);
  t.equal(cycle("import type { a } from './a.js';"), null, 'types make no cycle');
  t.equal(cycle("import { type a } from './a.js';"), null);

  t.same(
    parse('a.ts', 'const x = process.version, y = process.versions.node;\nf(process.versions);').versionTests,
    [1, 1],
  );
  t.same(parse('a.ts', 'const f = () => {\n  g();\n};').functions, [{ line: 1, lines: 3 }]);
});
