// Clock readings that decide nothing but how much time has passed: by the line that they stand on.
import t from 'tap';
import { instrument } from '../../src/source/instrument.js';

/** In a function of the module; `expected`: lines of that text. */
const table: Readonly<Record<string, readonly [source: string, expected: readonly number[]]>> = {
  'a count within a span (lodash)': [
    `function shortOut(func) {
      var count = 0, last = 0;
      return function () {
        var stamp = now(),
          remaining = 16 - (stamp - last);
        last = stamp;
        if (remaining > 0) { if (++count >= 800) return arguments[0]; } else { count = 0; }
        return func.apply(undefined, arguments);
      };
    }`,
    [4],
  ],
  'compared with what is no time': ['function f() {\n var at = now();\n if (at > 1e12) return 1;\n}', []],
  'subtracted from what is no time': ['function f() {\n var at = now();\n if (END - at > 0) return 1;\n}', []],
  returned: ['function f() {\n var at = now();\n return at;\n}', []],
  'kept in an object': ['function f(o) {\n var at = now();\n o.at = at;\n}', []],
  'kept in a variable of the module': ['var last = 0;\nfunction f() {\n var at = now();\n last = at;\n}', []],
  'a span that is returned': ['function f() {\n var last = 0; var at = now();\n last = at;\n return at - last;\n}', []],
  'handed on': ['function f() {\n var at = now();\n g(at);\n}', []],
  'in a text': ["function f() {\n var at = now();\n return at + '';\n}", []],
  'another call on its line': [
    'function m() { var last = 0; function f() {\n var at = now(), other = now();\n if (at - last > 16) return 1;\n last = at; } }',
    [],
  ],
  'of the module itself': ['var at = now();\nvar last = at;\nif (at - last > 16) f();', []],
};

t.test('lines', (t) => {
  for (const [name, [source, expected]] of Object.entries(table))
    t.same(instrument(source).facts.comparedReadings, expected, name);
  t.end();
});
