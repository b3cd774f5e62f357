// What a module is told of terminals in either world, under which guard, and what it may not keep.
import path from 'node:path';
import t from 'tap';
import type { Effect } from '../../src/graph/analysis.js';
import { analyseProgram } from '../../src/hazards/analyse.js';
import { graphOf, MAJORS, nodeFor, programOf } from './graph-of.js';

/** Each throws where it is told otherwise than its name says, so that it is charged with that. */
const told = (question: string, onPipes: string, onTerminal: string) => ({
  pipe: `const told = ${question}; if (told !== ${onPipes}) throw new Error(String(told));`,
  terminal: `const told = ${question}; if (told !== ${onTerminal}) throw new Error(String(told));`,
});

interface Question {
  readonly pipe: string;
  readonly terminal: string;
  readonly guards: { readonly pipe: Effect['guard']; readonly terminal: Effect['guard'] };
}

const questions: Readonly<Record<string, Question>> = {
  isatty: {
    ...told("require('tty').isatty(1)", 'false', 'true'),
    guards: { pipe: { kind: 'no-terminal', fd: 1 }, terminal: { kind: 'terminal', fd: 1 } },
  },
  isTTY: {
    ...told('process.stderr.isTTY', 'undefined', 'true'),
    guards: { pipe: { kind: 'plain-stream', name: 'stderr' }, terminal: { kind: 'terminal-stream', name: 'stderr' } },
  },
  fd: {
    ...told('process.stdin.fd', '0', '0'),
    guards: { pipe: { kind: 'plain-stream', name: 'stdin' }, terminal: { kind: 'terminal-stream', name: 'stdin' } },
  },
  columns: {
    ...told('process.stdout.columns', 'undefined', 'undefined'),
    guards: { pipe: { kind: 'plain-stream', name: 'stdout' }, terminal: undefined },
  },
  rows: {
    ...told('process.stdout.rows', 'undefined', 'undefined'),
    guards: { pipe: { kind: 'plain-stream', name: 'stdout' }, terminal: undefined },
  },
};

/** Hazards in both worlds, or in that of terminals alone. */
const kept: Readonly<Record<string, readonly [source: string, onPipes: boolean]>> = {
  stream: ['exports.x = process.stdout', true],
  colours: ['exports.x = process.stdout.hasColors', true],
  descriptor: ["exports.x = require('tty').isatty(5)", true],
  function: ["exports.x = require('tty').isatty", false],
};

for (const major of MAJORS) {
  for (const world of ['pipe', 'terminal'] as const) {
    t.test(`${world}, Node ${major}`, async (t) => {
      const files: Record<string, string> = {};
      for (const [name, question] of Object.entries(questions)) files[`${name}.js`] = question[world];
      for (const [name, [source]] of Object.entries(kept)) files[`kept-${name}.js`] = source;
      const program = programOf(files);
      t.teardown(() => program.remove());
      const node = nodeFor(major);
      const { analysis } = await analyseProgram({
        graph: graphOf(program.entry, node.path),
        node,
        timeoutMs: 60_000,
        workDir: program.folder,
        isTerminal: world === 'terminal',
      });
      const effectsOf = (name: string) =>
        analysis.effects.filter(({ module }) => path.basename(module, '.js') === name);
      for (const [name, { guards }] of Object.entries(questions)) {
        const [effect, ...others] = effectsOf(name);
        t.match([effect?.kind, others], ['std-stream', []], `${name} is told what it is to be told`);
        t.same(effect?.guard, guards[world], `${name} is guarded`);
      }
      for (const [name, [, onPipes]] of Object.entries(kept)) {
        const found = effectsOf(`kept-${name}`).filter(({ kind, guard }) => kind === 'std-stream' && !guard);
        t.equal(found.length > 0, onPipes || world === 'terminal', `kept-${name}`, { found });
      }
    });
  }
}
