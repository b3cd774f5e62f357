// argv: SPEC (JSON) ENTRY. Bakes what the spec says in this very process, and then runs ENTRY as a launch does. At the end it
// tells on stderr which modules were activated, and which were read from the pack.
import fs from 'node:fs';
import path from 'node:path';
import { Evaluator } from '../../../snapshot-entry/builder/build-evaluate.cjs';
import { loaderShapes } from '../../../snapshot-entry/builder/forge.cjs';
import { openInternals } from '../../../snapshot-entry/builder/internals.cjs';
import { sealLoader } from '../../../snapshot-entry/builder/seal-loader.cjs';
import { SealMaker } from '../../../snapshot-entry/builder/seal-maker.cjs';
import { sealRealm } from '../../../snapshot-entry/builder/seal-realm.cjs';
import { Guards } from '../../../snapshot-entry/launch/guards.cjs';
import { Loader } from '../../../snapshot-entry/launch/loader.cjs';
import { RequireSwitch } from '../../../snapshot-entry/launch/loader-shapes.cjs';
import { NodeModules } from '../../../snapshot-entry/launch/node-module.cjs';
import { openPack } from '../../../snapshot-entry/launch/pack-reader.cjs';
import { Registry } from '../../../snapshot-entry/launch/registry.cjs';
import { Stage } from '../../../snapshot-entry/launch/replay.cjs';
import type { LoaderFrames, PlannedModule } from '../../../snapshot-entry/shared/bake-plan.cjs';

export interface Spec {
  readonly frames: LoaderFrames;
  readonly pack: string;
  readonly artifactId: string;
  readonly node: { readonly version: string; readonly arch: string; readonly v8Tag: number };
  readonly modules: readonly PlannedModule[];
}

const [, , text = '', entry = ''] = process.argv;
const spec = JSON.parse(text) as Spec;
const files = spec.modules.map(({ file }) => file);

function bake() {
  // Beside the builder's script it finds what Node's marks are read from.
  process.argv = [process.execPath, path.join(path.dirname(spec.pack), 'builder.js')];
  fs.writeFileSync(path.join(path.dirname(spec.pack), 'probe.json'), '{}');
  const requires = new RequireSwitch();
  const shapes = loaderShapes(spec.frames, requires, openInternals(NodeModules._load).validateString);
  const stage = new Stage(shapes);
  const none = new SealMaker().seal;
  const registry = new Registry({
    realm: sealRealm(),
    exports: none,
    reads: none,
    readIndexes: new Uint16Array(),
    stage,
    guards: new Guards([], '', () => undefined),
  });
  const builtin = process.getBuiltinModule as (name: string) => unknown;
  const evaluator = new Evaluator({ modules: spec.modules, registry, shapes, stage, builtin, readRanges: new Map() });
  const answerNoMore = requires.answerBy(evaluator);
  for (const file of files) evaluator.evaluate(file, null);
  answerNoMore();
  evaluator.linkDeferred();
  for (const baked of registry.all()) baked.exportsAtBuild = baked.module.exports;
  return { requires, registry, shapes, loader: sealLoader(files) };
}

const prepared = bake();
process.argv = [process.execPath, entry];
const { version: nodeVersion, arch, v8Tag } = spec.node;
const pack = openPack(spec.pack, { artifactId: Buffer.from(spec.artifactId, 'hex'), nodeVersion, arch, v8Tag });
const read: string[] = [];
const { read: own } = Object.getPrototypeOf(pack) as typeof pack;
pack.read = (index) => {
  read.push(path.basename(pack.fileOf(index)));
  return own.call(pack, index);
};
const registry = prepared.registry.begin(undefined);
const loader = new Loader(pack, registry, prepared);
prepared.requires.answerBy(loader);
const active: string[] = [];
const { activate } = Registry.prototype;
registry.activate = (root, parent) => {
  const isActive = activate.call(registry, root, parent);
  if (isActive) active.push(path.basename(root.file));
  return isActive;
};
// What this script is made of is not the program's.
for (const file of Object.keys(NodeModules._cache)) delete NodeModules._cache[file];
process.on('exit', () => fs.writeSync(2, JSON.stringify({ active, read })));
loader.run(entry);
