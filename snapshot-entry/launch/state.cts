// What the heap holds between build and launch: filled by builder/builder.cts, used by main.cts. "Prepared" is everything up to
// a ready heap; what belongs to one run (argv, environment, folder, descriptors) is never kept here.
import type { BakePlan } from '../shared/bake-plan.cjs';
import type { Look } from '../shared/facts.cjs';
import type { LoaderShapes, RequireSwitch } from './loader-shapes.cjs';
import type { NativeBindings } from './native-bindings.cjs';
import type { PristineNavigator } from './pristine-navigator.cjs';
import type { Registry } from './registry.cjs';
import type { FixedSeal } from './seal.cjs';
import type { WorkerFlags } from './worker-flags.cjs';

export interface Prepared {
  readonly plan: Omit<BakePlan, 'modules' | 'reads' | 'guards' | 'frames' | 'builtins' | 'late'>;
  readonly registry: Registry;
  readonly shapes: LoaderShapes;
  /** By the builder while it bakes, by loader.cts in a run. */
  readonly requires: RequireSwitch;
  /** Node's own loader. */
  readonly loader: FixedSeal;
  /** Null where no module has asked for it. */
  readonly navigator: PristineNavigator | null;
  /** What worker threads are told of them. */
  readonly workerFlags: WorkerFlags;
  /** Puts back what Node takes out of `console`. */
  readonly mendConsole: () => void;
  /** Of files, as cheap as it can be. */
  readonly look: Look;
  /** What a restored process makes anew; null where worker threads do without. */
  readonly bindings: NativeBindings | null;
  /** How many names stood in `process.moduleLoadList` when the heap was ready; NaN where node has no such list. */
  readonly builtinsAtBuild: number;
}
