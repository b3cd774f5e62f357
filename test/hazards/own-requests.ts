// What a module does to its own requests at load, or asks of them that a builder would answer otherwise: it is packed. What
// only reads them is not.
import { basename } from 'node:path';
import t from 'tap';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

const packed: Readonly<Record<string, readonly [source: string, code: string]>> = {
  'paths-middle': ["module.paths[1] = '/nowhere'; exports.x = 1;", 'HAZARD_MODULE_HOOK'],
  'paths-emptied': ['module.paths.length = 0; exports.x = 1;', 'HAZARD_MODULE_HOOK'],
  'paths-replaced': ["module.paths = ['/nowhere']; exports.x = 1;", 'HAZARD_MODULE_HOOK'],
  filename: ["module.filename = '/nowhere/x.js'; exports.x = 1;", 'HAZARD_MODULE_HOOK'],
  folder: ["module.path = '/nowhere'; exports.x = 1;", 'HAZARD_MODULE_HOOK'],
  name: ["module.id = 'x'; exports.x = 1;", 'HAZARD_MODULE_HOOK'],
  require: ['const before = module.require; module.require = (x) => before.call(module, x);', 'HAZARD_MODULE_HOOK'],
  options: ["if (1) exports.x = require.resolve('./lib.js', { paths: [__dirname] });", 'HAZARD_MODULE_HOOK'],
  'refused-resolve': ['try { require.resolve(undefined); } catch (e) { exports.x = e.code; }', 'HAZARD_THROWS'],
  'refused-empty': ["try { require(''); } catch (e) { exports.x = e.code; }", 'HAZARD_THROWS'],
  'refused-object': ["try { require(new String('./lib.js')); } catch (e) { exports.x = e.code; }", 'HAZARD_THROWS'],
  'refused-list': ["try { require(['./lib.js']); } catch (e) { exports.x = e.code; }", 'HAZARD_THROWS'],
  features: ['if (process.features.cached_builtins) exports.x = 1;', 'HAZARD_PROCESS_STATE'],
};

const baked: Readonly<Record<string, string>> = {
  'reads-paths': 'exports.x = module.paths.length; exports.y = [module.id, module.filename, module.path];',
  resolves: "exports.x = require.resolve('./lib.js', undefined);",
  features: 'exports.x = process.features.inspector;',
  'put-back': 'const { paths } = module; module.paths = []; module.paths = paths;',
};

const files = {
  'lib.js': 'exports.x = 1',
  ...Object.fromEntries(Object.entries(packed).map(([name, [source]]) => [`packed-${name}.js`, source])),
  ...Object.fromEntries(Object.entries(baked).map(([name, source]) => [`baked-${name}.js`, source])),
};

for (const major of MAJORS) {
  t.test(`a module's own requests on Node ${major}`, async (t) => {
    const node = nodeFor(major);
    const program = programOf(files);
    t.teardown(() => program.remove());
    const graph = graphOf(program.entry, node.path);
    const { analysis, facts } = await analyseProgram({ graph, node, timeoutMs: 60_000, workDir: program.folder });
    const { modules } = makePlan({ graph, analysis, facts });
    const found = Object.fromEntries(
      modules.map(({ file, verdict, code }) => [basename(file, '.js'), [verdict, code]]),
    );
    for (const [name, [, code]] of Object.entries(packed)) t.same(found[`packed-${name}`], ['packed', code], name);
    for (const name of Object.keys(baked)) t.equal(found[`baked-${name}`]?.[0], 'baked', name);
  });
}
