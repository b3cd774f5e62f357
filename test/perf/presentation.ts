import t from 'tap';
import { measuringEnvironment } from '../../src/perf/environment.js';
import { parseResources } from '../../src/perf/resources.js';
import { markdownTable, terminalTable } from '../../src/perf/table.js';

t.test('a terminal table lines numbers up to the right', async (t) => {
  t.equal(
    terminalTable(
      ['name', 'ms'],
      [
        ['eslint', '120.1'],
        ['x', '9.0'],
      ],
    ),
    ['name       ms', '------  -----', 'eslint  120.1', 'x         9.0', ''].join('\n'),
  );
});

t.test('a Markdown table survives a bar in a cell', async (t) => {
  t.equal(markdownTable(['a', 'b'], [['x|y', '1']]), '| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n');
});

t.test('what disturbs a measurement is taken out and named', async (t) => {
  const given = { PATH: '/bin', NODE_OPTIONS: '--inspect', NODE_EXTRA_CA_CERTS: '/ca.pem', EMPTY: '', GONE: undefined };
  t.same(measuringEnvironment(given), {
    env: { PATH: '/bin', EMPTY: '' },
    removed: ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'],
  });
  t.equal(given.NODE_OPTIONS, '--inspect', 'the environment given is left as it was');
});

t.test('page faults are read after what the program itself printed', async (t) => {
  t.same(parseResources('1 2 3 warnings\n2300 0 40960\n'), { minorFaults: 2300, majorFaults: 0, peakBytes: 41943040 });
  t.equal(parseResources('Command terminated by signal 11\n'), undefined);
});
