// A difference that comes once is no finding, and no sameness either; one that comes again is a finding.
import t from 'tap';
import type { TrainingLine } from '../../src/graph/types.js';
import type { Difference } from '../../src/verify/compare.js';
import { verifyConfirmed } from '../../src/verify/confirm.js';
import type { LineResult } from '../../src/verify/verify.js';

const A = ['--version'];
const B = ['--help'];

/** What of B differs in one call, and where. */
type Found = readonly [what: Difference['what'], environment: string];

/** Answers the n-th call; notes what each was asked about. */
function scripted(calls: readonly (readonly Found[])[]) {
  const asked: (readonly TrainingLine[])[] = [];
  const verify = async (lines: readonly TrainingLine[]): Promise<LineResult[]> => {
    const found = calls[asked.length] ?? [];
    asked.push(lines);
    const differences = found.map(([what, environment]) => ({ what, environment, plain: 'a', accelerated: 'b' }));
    return lines.map((args) => ({ args, differences: args === B ? differences : [], isAccelerated: true }));
  };
  return { asked, verify };
}

function count(results: readonly LineResult[]): number {
  return results.filter(({ differences }) => differences.length > 0).length;
}

t.test('no difference: nothing is asked again', async (t) => {
  const { asked, verify } = scripted([]);
  t.equal(count(await verifyConfirmed([A, B], verify)), 0);
  t.equal(asked.length, 1);
});

t.test('one that comes again counts, and only its line was asked again', async (t) => {
  const { asked, verify } = scripted([[['stdout', 'x']], [], [], [['stdout', 'x']]]);
  t.equal(count(await verifyConfirmed([A, B], verify)), 1);
  t.same(asked, [[A, B], [B], [B], [B]]);
});

t.test('one that does not come again shows nothing', async (t) => {
  const { asked, verify } = scripted([[['stdout', 'x']]]);
  await t.rejects(verifyConfirmed([A, B], verify), { code: 'TERMINAL_UNSTEADY' });
  t.equal(asked.length, 6);
});

t.test('another difference confirms nothing', async (t) => {
  const others: readonly Found[] = [
    ['stderr', 'x'],
    ['stdout', 'y'],
  ];
  const { verify } = scripted([[['stdout', 'x']], others, others, others, others, others]);
  await t.rejects(verifyConfirmed([A, B], verify), { code: 'TERMINAL_UNSTEADY' });
});

t.test('of several, each has to come again', async (t) => {
  const both: readonly Found[] = [
    ['stdout', 'x'],
    ['exit code', 'x'],
  ];
  t.equal(count(await verifyConfirmed([B], scripted([both, [['stdout', 'x']], [['exit code', 'x']]]).verify)), 1);
  const { verify } = scripted([both, [['stdout', 'x']]]);
  await t.rejects(verifyConfirmed([B], verify), { code: 'TERMINAL_UNSTEADY' });
});
