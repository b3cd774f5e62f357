import t from 'tap';
import { parseRecording } from '../../src/trace/recording.js';

const module = {
  file: '/a',
  handler: '.js',
  selfMs: 0,
  totalMs: 1,
  parent: null,
  during: null,
  writesBefore: 0,
  loads: [{ request: 'x', target: '/x' }],
};
const whole = {
  version: 1,
  modules: [module],
  resolutions: [{ from: '/a', request: 'y', target: null, code: 'E', during: ['/b'] }],
  writes: [],
  calls: [{ url: 'file:///a', ranges: [0, 4] }],
};

t.test('a whole recording is read as it is', async (t) => {
  t.same(parseRecording(JSON.stringify(whole), 'r'), whole);
});

const damaged: Readonly<Record<string, unknown>> = {
  'a list': [],
  'another version': { ...whole, version: 2 },
  'no modules': { ...whole, modules: undefined },
  'a module without a file': { ...whole, modules: [{ ...module, file: 1 }] },
  'a time that is no number': { ...whole, modules: [{ ...module, selfMs: 'x' }] },
  'a negative count': { ...whole, modules: [{ ...module, writesBefore: -1 }] },
  'a load that is null': { ...whole, modules: [{ ...module, loads: [null] }] },
  'a call without an end': { ...whole, calls: [{ url: 'file:///a', ranges: [0] }] },
  'a call at no offset': { ...whole, calls: [{ url: 'file:///a', ranges: [0, 1.5] }] },
  'a call of no script': { ...whole, calls: [{ ranges: [] }] },
  'a failure during what is no file': {
    ...whole,
    resolutions: [{ from: '/a', request: 'y', target: null, during: [1] }],
  },
  'a write without a subject': { ...whole, writes: [{ by: null }] },
};

for (const [name, value] of Object.entries(damaged)) {
  t.test(`${name} is a typed error`, async (t) => {
    t.throws(() => parseRecording(JSON.stringify(value), 'r'), { code: 'TRACE_BAD_RECORDING', path: 'r' });
  });
}

t.test('cut-off text is a typed error', async (t) => {
  t.throws(() => parseRecording(JSON.stringify(whole).slice(0, -3), 'r'), { code: 'TRACE_BAD_RECORDING' });
});
