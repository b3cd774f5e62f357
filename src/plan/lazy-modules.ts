// Lazy modules: in the snapshot, but evaluated when something of them is first used. A module can be lazy if nobody can tell
// when it was evaluated: it requires nothing, and does nothing but make what V8 cannot put into a snapshot, as
// `exports.compare = new Intl.Collator().compare` does. A module that requires a lazy one while baking gets a stand-in. It can
// do with that if its text shows that it uses nothing but members of what it got, and none of them at load. Built-ins that no
// snapshot may hold are stood in for in the same way.
//
// Lazy is not deferred: what is deferred (deferral.ts) is a statement, and it runs when its module is loaded.
import type { Analysis, Effect, SharedRead } from '../graph/analysis.js';
import type { Graph, TracedModule } from '../graph/types.js';
import type { MemberUses } from '../source/member-uses.js';
import type { StaticFacts } from '../source/static-facts.js';
import { takenAtLoad } from '../target/unsafe.js';

/** A process has one locale from its start to its end. Not so the time zone: `process.env.TZ` may be set at any time. */
function isQuiet({ kind, subject }: Effect): boolean {
  return (kind === 'locale' || kind === 'native-kept') && /^Intl\.(?!DateTimeFormat)/.test(subject);
}

export interface LazyInput {
  readonly graph: Graph;
  readonly analysis: Analysis;
  readonly facts: ReadonlyMap<string, StaticFacts>;
  readonly isOn: boolean;
  /** Built-ins (`node:NAME`) that are kept out of the snapshot, beside those that it cannot hold. */
  readonly unfitBuiltins?: ReadonlySet<string> | undefined;
}

export class LazyModules {
  readonly #input: LazyInput;
  readonly #lazy = new Set<string>();
  /** Module → request → the lazy module, or the built-in, that it leads to. */
  readonly #requests = new Map<string, Map<string, string>>();
  readonly #usedAtLoad: ReadonlySet<string>;

  constructor(input: LazyInput) {
    this.#input = input;
    const { graph, analysis, isOn } = input;
    this.#usedAtLoad = new Set(analysis.uses.map(({ module, request }) => `${module}\0${request}`));
    if (!isOn) return;
    const loud = new Set(analysis.effects.flatMap((effect) => (isQuiet(effect) ? [] : [effect.module, effect.owner])));
    const noted = new Set(analysis.effects.map(({ module }) => module));
    const loading = new Set(analysis.loads.map(({ module }) => module));
    for (const module of graph.modules) {
      const { file } = module;
      if (noted.has(file) && !loud.has(file) && !loading.has(file) && this.#mayWait(module)) this.#lazy.add(file);
    }
    const isOut = this.#outOfSnapshot();
    for (const { from, request, target } of graph.resolutions) {
      if (target === null || !(this.#lazy.has(target) || isOut(target))) continue;
      this.#requests.set(from, (this.#requests.get(from) ?? new Map()).set(request, target));
    }
  }

  /** Whether a built-in is quiet, and cannot or may not be in the snapshot. */
  #outOfSnapshot(): (target: string) => boolean {
    const { analysis, unfitBuiltins } = this.#input;
    const unsafe = new Set(
      analysis.effects.flatMap(({ kind, subject }) => (kind === 'unsnapshotable-builtin' ? subject : [])),
    );
    return (target) => takenAtLoad(target) !== undefined && (unsafe.has(target) || unfitBuiltins?.has(target) === true);
  }

  #mayWait({ file, format, loads }: TracedModule): boolean {
    const { facts, analysis, graph } = this.#input;
    const text = facts.get(file);
    if (format !== 'commonjs' || loads.length > 0 || file === graph.entry) return false;
    return text?.parsed === true && !text.directEval && analysis.evaluated.includes(file);
  }

  has(file: string): boolean {
    return this.#lazy.has(file);
  }

  /** Whether `file` can do with a stand-in for `target`, whichever way it asks for it. */
  servesAll(file: string, target: string): boolean {
    const asked = [...(this.#requests.get(file) ?? [])].filter(([, to]) => to === target);
    return asked.length > 0 && asked.every(([request]) => this.#usesOf(file, request) !== undefined);
  }

  /** The requests of a baked module that are answered with stand-ins. */
  of(file: string): MemberUses[] {
    const asked = [...(this.#requests.get(file) ?? [])].filter(([, target]) => this.servesAll(file, target));
    return asked.flatMap(([request]) => this.#usesOf(file, request) ?? []);
  }

  /** What the built-ins that a baked module has stand-ins for will take at their load, whenever that is. */
  takenFor(file: string): SharedRead[] {
    const asked = this.of(file).map(({ request }) => this.#requests.get(file)?.get(request) ?? '');
    return asked.flatMap((target) => (takenAtLoad(target) ?? []).map((taken) => ({ module: file, ...taken })));
  }

  #usesOf(file: string, request: string): MemberUses | undefined {
    if (this.#usedAtLoad.has(`${file}\0${request}`)) return undefined;
    return this.#input.facts.get(file)?.memberUses.find((uses) => uses.request === request);
  }
}
