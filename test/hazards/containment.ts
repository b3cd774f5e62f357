// One module's misbehaviour must not spoil the analysis of the others, nor harm the machine it runs on.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

for (const major of MAJORS) {
  t.test(`containment on Node ${major}`, async (t) => {
    const hidden = '__building';
    const program = programOf({
      'good.js': 'exports.x = 1',
      'hangs.js': `if (process.env.GRAPH_OUT === undefined) for (;;);`,
      'breaks-array.js': 'Array.prototype.push = () => { throw new Error("no") }; delete Array.prototype.push',
      'breaks-map.js': 'Map.prototype.get = () => { throw new Error("no") }',
      'breaks-error.js': 'Object.defineProperty(Error, "prepareStackTrace", { get() { throw 1 }, configurable: true })',
      'breaks-reflect.js': 'Reflect.ownKeys = null; Object.getOwnPropertyDescriptor = null; JSON.stringify = null',
      'hostile-proxy.js':
        'module.exports = new Proxy({}, { ownKeys() { throw 1 }, getPrototypeOf() { throw 2 }, get() { throw 3 } })',
      'hostile-getter.js':
        'Object.defineProperty(exports, "x", { enumerable: true, get() { throw new Error("touched") } })',
      'swallowed.js': `try { require('fs').writeFileSync(${JSON.stringify(`${hidden}`)}, '') } catch {}`,
      'swallowed-exit.js': 'if (process.env.GRAPH_OUT === undefined) { try { process.exit(1) } catch {} }',
      'late-good.js': 'exports.x = 2',
      'late-reader.js': 'exports.x = process.env.SOME_NAME',
      'entry.js': [
        'good',
        'hangs',
        'hostile-proxy',
        'hostile-getter',
        'swallowed',
        'swallowed-exit',
        'late-good',
        'late-reader',
        'breaks-error',
        'breaks-reflect',
        'breaks-map',
        'breaks-array',
      ]
        .map((name) => `try { require('./${name}.js') } catch {}`)
        .join('\n'),
    });
    t.teardown(() => program.remove());
    const node = nodeFor(major);
    const graph = graphOf(program.entry, node.path);
    const before = readdirSync(program.folder).filter((name) => name !== hidden);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 4_000, workDir: program.folder });
    t.same(
      readdirSync(program.folder).filter((name) => name !== hidden),
      before,
      'leaves no files',
    );
    const plan = makePlan({ graph, analysis, facts });
    const verdicts = new Map(
      plan.modules.map(({ file, verdict, evidence }) => [basename(file), { verdict, evidence }]),
    );
    t.match(verdicts.get('hangs.js')?.evidence[0]?.code, 'HAZARD_THROWS', 'what hangs is set aside');
    for (const good of ['good.js', 'late-good.js', 'hostile-proxy.js', 'hostile-getter.js']) {
      t.equal(verdicts.get(good)?.verdict, 'baked', `${good} is baked`, { found: verdicts.get(good) });
    }
    for (const bad of [
      'hangs',
      'breaks-array',
      'breaks-map',
      'breaks-error',
      'breaks-reflect',
      'swallowed',
      'late-reader',
    ]) {
      t.equal(verdicts.get(`${bad}.js`)?.verdict, 'packed', `${bad}.js is packed`);
    }
  });
}
