// argv: FRAMES (JSON) FILE. Evaluates FILE as a baked module would be, with the `require` made for it; what it requires by
// a relative path is evaluated as a packed module.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { loaderShapes } from '../../../snapshot-entry/builder/forge.cjs';
import { openInternals } from '../../../snapshot-entry/builder/internals.cjs';
import { compileScript } from '../../../snapshot-entry/launch/compile.cjs';
import type { RequireAnswers } from '../../../snapshot-entry/launch/loader-shapes.cjs';
import { NodeModules, type Wrapper } from '../../../snapshot-entry/launch/node-module.cjs';
import { OneShot } from '../../../snapshot-entry/launch/one-shot.cjs';
import type { LoaderFrames } from '../../../snapshot-entry/shared/bake-plan.cjs';
import { storedSource } from '../../../src/pack/stored-source.js';

const [, , frames = '', entry = ''] = process.argv;

function wrapped(file: string): string {
  return storedSource({ format: 'commonjs', source: readFileSync(file, 'utf8'), usesDynamicImport: false }).text;
}

const requires: RequireAnswers = {
  lookup: (module, request) => {
    if (!request.startsWith('./')) return undefined;
    const file = path.resolve(module.path, request);
    const input = { wrapped: wrapped(file), cache: undefined, usesDynamicImport: false, columnOffset: 0 };
    const script = compileScript(file, input);
    oneShot.arm(file, { kind: 'commonjs', wrapper: script.runInThisContext() as Wrapper });
    return undefined;
  },
  resolve: () => undefined,
  disarm: () => oneShot.disarm(),
};
const shapes = loaderShapes(
  JSON.parse(frames) as LoaderFrames,
  requires,
  openInternals(NodeModules._load).validateString,
);
const oneShot = new OneShot(shapes, undefined);

const module = new NodeModules(entry);
module.filename = entry;
module.paths = NodeModules._nodeModulePaths(path.dirname(entry));
const params = ['exports', 'require', 'module', '__filename', '__dirname'];
const evaluate = vm.compileFunction(readFileSync(entry, 'utf8'), params, { filename: entry });
Reflect.apply(evaluate, module.exports, [module.exports, shapes.makeRequire(module), module, entry, module.path]);
