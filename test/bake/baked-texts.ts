// The texts that are baked instead of the files': what the facts say of a text is taken out of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { BakedTexts } from '../../src/bake/baked-texts.js';
import type { PlannedVerdict } from '../../src/plan/types.js';
import { instrument } from '../../src/source/instrument.js';
import type { StaticFacts } from '../../src/source/static-facts.js';

const SOURCE = "#!/usr/bin/env node\n// c\nconst a = require('a');\nexports.f = () => a;\n";
const REWRITTEN =
  "let a;__v8snapDefer(0,(function(){(///usr/bin/env node\n// c\n      a = require('a'))}));;\nexports.f = () => a;\n";

interface Wanted {
  readonly contents: string;
  readonly facts?: StaticFacts;
  /** Whether its statement 0 is. Default: true. */
  readonly isDeferred?: boolean;
  readonly isLazy?: boolean;
  readonly called?: readonly number[];
}

/** What is baked of a file. */
async function baked(t: Test, { contents, facts, isDeferred = true, isLazy = false, called }: Wanted) {
  const file = join(t.testdir(), 'module.js');
  writeFileSync(file, contents);
  const module: PlannedVerdict = {
    file,
    verdict: 'baked',
    code: '',
    reason: '',
    isLazy,
    evidence: [],
    via: [],
    inputs: [],
    reads: [],
    heads: [],
    guards: [],
    standIns: [],
    deferred: isDeferred ? [{ index: 0, line: 3, reason: '', loadsFiles: true, requires: 1 }] : [],
  };
  const times = { selfMs: 0, totalMs: 0, lines: [0], bytes: contents.length };
  const traced = { file, format: 'commonjs', order: 0, parent: null, loads: [], writesBefore: [], ...times } as const;
  const graph = { modules: called === undefined ? [] : [{ ...traced, called }] };
  const known = new Map(facts === undefined ? [] : [[file, facts] as const]);
  return (await new BakedTexts().of({ modules: [module], order: [file] }, graph, known)).get(file);
}

t.test('with a deferred statement, and what loads files of it', async (t) => {
  const { facts } = instrument(SOURCE);
  const loading = [{ index: 0, requires: 1 }];
  t.same(await baked(t, { contents: SOURCE, facts }), { rewritten: { text: REWRITTEN, columnOffset: 0, loading } });
  t.same(
    await baked(t, { contents: `\uFEFF${SOURCE}`, facts: instrument(`\uFEFF${SOURCE}`).facts }),
    await baked(t, { contents: SOURCE, facts }),
    'a byte order mark is not baked',
  );
});

t.test('without one, or evaluated as a whole', async (t) => {
  const { facts } = instrument(SOURCE);
  const text = SOURCE.replace('// c', '');
  t.same(await baked(t, { contents: SOURCE, facts, isDeferred: false }), { text }, 'a hashbang stays');
  t.same(await baked(t, { contents: SOURCE, facts, isLazy: true }), { text });
  t.same(
    await baked(t, { contents: 'a;', facts: instrument('a;').facts, isDeferred: false }),
    {},
    'nothing to take out',
  );
});

t.test('where the functions that were called stand in it', async (t) => {
  const { facts } = instrument(SOURCE);
  const start = SOURCE.indexOf('() =>');
  const found = await baked(t, { contents: SOURCE, facts, called: [start, start + '() => a'.length] });
  const [from, to] = found?.called ?? [];
  t.equal(found?.rewritten?.text.slice(from, to), '() => a');
});

t.test('facts of what the file held before say nothing of it', async (t) => {
  const { facts } = instrument(`/* longer */ ${SOURCE.slice(SOURCE.indexOf('\n'))}`);
  t.equal((await baked(t, { contents: SOURCE, facts }))?.rewritten?.text, REWRITTEN);
  t.equal((await baked(t, { contents: SOURCE }))?.rewritten?.text, REWRITTEN, 'nor do none');
  await t.rejects(baked(t, { contents: 'exports.f = 1;', facts }), /no candidate/);
});
