// Before Node writes a heap, it empties the members of `console` that it takes for V8's, because V8 makes those again
// at a start. `console.Console` is among them although it is Node's own (lib/internal/console/constructor.js; Node 20
// to 26).

const { getOwnPropertyDescriptor, defineProperty } = Reflect;

/** While building, before any module of the program's. Returns what puts it back at a launch. */
export function keepingConsole(): () => void {
  const kept = getOwnPropertyDescriptor(console, 'Console');
  return () => {
    if (kept !== undefined && console.Console === undefined) defineProperty(console, 'Console', kept);
  };
}
