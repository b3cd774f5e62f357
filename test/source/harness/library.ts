// What the programs of these tests require: functions that log and make fresh values, and hold no state of their own.

type Probe = (label: string, ...values: unknown[]) => unknown;

class Made {
  constructor(readonly label: unknown) {}
}

/** Any `valueN` is a text, any `sayN` a function that logs. */
export function libraryNamed(request: string, probe: Probe): unknown {
  const say = (...values: unknown[]) => `said ${String(probe(`${request} says`, ...values))}`;
  const members = {
    value: `value of ${request}`,
    say,
    list: (...values: unknown[]) => ['listed', probe(`${request} lists`, ...values)],
    make: (...values: unknown[]) => new Made(probe(`${request} makes`, ...values)),
    Made,
    __importDefault: (module: object) => ('__esModule' in module ? module : { default: module }),
    nested: { say, value: 'nested' },
  };
  const library = new Proxy(members, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^value\d+$/.test(key)) return `${key} of ${request}`;
      if (typeof key === 'string' && /^say\d+$/.test(key)) return say;
      return Reflect.get(target, key, receiver);
    },
  });
  return request.endsWith('-esm') ? { __esModule: true, default: library } : library;
}
