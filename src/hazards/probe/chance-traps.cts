// Traps on what differs from run to run: clocks, randomness, locale and time zone; and on work left for later.
import * as safe from './saved.cjs';
import { record, spy, spyOn } from './state.cjs';

const LOCAL_DATE =
  /^(?:get(?:Date|Day|FullYear|Hours|Milliseconds|Minutes|Month|Seconds|Year|TimezoneOffset)|set(?:Date|FullYear|Hours|Minutes|Month|Seconds|Year)|to(?:String|DateString|TimeString|Locale\w*))$/;
/** Texts whose meaning does not depend on the time zone: date only, or with an offset. */
const ZONED_TEXT = /^\s*\d{4}(?:-\d\d){0,2}\s*$|(?:Z|GMT|UTC|[+-]\d\d:?\d\d)\s*$/i;

function dateArguments(args: readonly unknown[], called: boolean): void {
  if (called || args.length === 0) record('clock', called ? 'Date()' : 'new Date()');
  else if (args.length > 1) record('locale', 'new Date(year, month, …) in local time');
  else if (typeof args[0] === 'string' && !safe.testPattern(ZONED_TEXT, args[0])) {
    record('locale', 'a date text without a time zone');
  }
}

function trapDate(): void {
  const real = Date;
  const proxy = new safe.RealProxy(real, {
    apply(target, self, args) {
      dateArguments(args, true);
      return safe.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      dateArguments(args, false);
      return safe.construct(target, args, newTarget);
    },
  });
  safe.defineProperty(real.prototype, 'constructor', {
    value: proxy,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  safe.defineProperty(globalThis, 'Date', { value: proxy, writable: true, enumerable: false, configurable: true });
  spyOn(real, 'now', () => record('clock', 'Date.now'));
  spyOn(real, 'parse', (args) => dateArguments(args, false));
  for (const key of safe.ownKeys(real.prototype)) {
    if (typeof key === 'string' && safe.testPattern(LOCAL_DATE, key)) {
      spyOn(real.prototype, key, () => record('locale', `Date.prototype.${key}`));
    }
  }
}

function trapLocale(): void {
  for (const key of safe.ownKeys(Intl)) {
    if (typeof key === 'string' && key !== 'getCanonicalLocales') {
      spyOn(Intl, key, () => record('locale', `Intl.${key}`));
    }
  }
  const holders = { String, Number, Array, BigInt };
  for (const [name, holder] of Object.entries(holders)) {
    for (const key of ['toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare']) {
      spyOn(holder.prototype, key, () => record('locale', `${name}.prototype.${key}`));
    }
  }
}

function trapPerformance(): void {
  const prototype: unknown = safe.getPrototypeOf(performance);
  if (prototype === null || typeof prototype !== 'object') return;
  for (const key of ['now', 'mark', 'measure', 'eventLoopUtilization', 'toJSON']) {
    spyOn(prototype, key, () => record('clock', `performance.${key}`));
    spyOn(performance, key, () => record('clock', `performance.${key}`));
  }
  for (const holder of [prototype, performance]) {
    trapReading(holder, 'timeOrigin', 0);
    // What it has are moments of the process.
    trapReading(holder, 'nodeTiming', safe.get(performance, 'nodeTiming'));
  }
}

function trapReading(holder: object, name: string, value: unknown): void {
  if (safe.getOwnPropertyDescriptor(holder, name)?.configurable !== true) return;
  safe.defineProperty(holder, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      record('clock', `performance.${name}`);
      return value;
    },
  });
}

/** Timers and microtasks; promise reactions are seen through V8's own hook, `await` included. */
function trapAsync(onPromise: (init: (promise: unknown, parent: unknown) => void) => void): void {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) {
    spyOn(globalThis, name, () => record('async-work', name));
  }
  spyOn(AbortSignal, 'timeout', () => record('async-work', 'AbortSignal.timeout'));
  onPromise((_promise, parent) => {
    if (parent !== undefined) record('async-work', 'a promise reaction');
  });
}

export function trapChance(onPromise: (init: (promise: unknown, parent: unknown) => void) => void): void {
  trapDate();
  spyOn(Math, 'random', () => record('random', 'Math.random'));
  trapLocale();
  trapPerformance();
  trapAsync(onPromise);
  const capture = safe.captureStackTrace;
  safe.defineProperty(Error, 'captureStackTrace', {
    value: spy(capture, () => record('stack-setting', 'Error.captureStackTrace')),
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
