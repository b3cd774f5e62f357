// A module that asks for the text of a function while it is loaded sees what a plain run shows: the text without the
// hooks of instrumented sources, and Node's own text where a trap stands for a function. Otherwise the module might
// take another path here than in a plain run.
import * as safe from './saved.cjs';
import type { MadeText } from './shapes.cjs';
import { record } from './state.cjs';

type Instrumented = Pick<MadeText, 'source' | 'inserted'>;

/** Instrumented texts of functions that were looked at. */
const plainTexts = new safe.SafeMap<string, string>();

/** `length` characters of the instrumented source from `from` on, without what was put in. */
function cut({ source, inserted }: Instrumented, from: number, length: number): string {
  const to = from + length;
  let text = '';
  let at = from;
  for (let i = 0; i < inserted.length; i += 2) {
    const start = inserted[i] as number;
    const end = start + (inserted[i + 1] as number);
    if (start >= to) break;
    if (end <= at) continue;
    text += safe.slice(source, at, start);
    at = end;
  }
  return text + safe.slice(source, at, to);
}

function withoutHooks(text: string, modules: readonly Instrumented[]): string {
  if (safe.indexOf(text, '__snap') < 0) return text;
  const known = plainTexts.get(text);
  if (known !== undefined) return known;
  for (let i = 0; i < modules.length; i++) {
    const module = modules[i] as Instrumented;
    const from = safe.indexOf(module.source, text);
    if (from < 0) continue;
    const plain = cut(module, from, text.length);
    plainTexts.set(text, plain);
    return plain;
  }
  // The function that Node wraps round a module, by way of `arguments.callee`.
  record('loader-read', "the text of a module's own function");
  return text;
}

export function trapFunctionTexts(modules: readonly Instrumented[]): void {
  const proxy = new safe.RealProxy(Function.prototype.toString, {
    apply(target, self, args) {
      const text: unknown = safe.apply(target, safe.originalOf(self), args);
      return typeof text === 'string' ? withoutHooks(text, modules) : text;
    },
  });
  const descriptor = { value: proxy, writable: true, enumerable: false, configurable: true };
  safe.defineProperty(Function.prototype, 'toString', descriptor);
}
