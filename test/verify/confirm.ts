// A difference that comes once is no finding; one that comes again is.
import t from 'tap';
import { verifyConfirmed } from '../../src/verify/confirm.js';
import type { LineResult } from '../../src/verify/verify.js';

const A = ['--version'];
const B = ['--help'];

function result(args: readonly string[], differs: boolean): LineResult {
  const differences = differs ? [{ what: 'stdout' as const, plain: 'a', accelerated: 'b' }] : [];
  return { args, differences, isAccelerated: true };
}

/** Answers the n-th call by whether B differs in it; notes how many lines each call had. */
function scripted(differs: readonly boolean[]) {
  const sizes: number[] = [];
  const verify = async (lines: readonly (readonly string[])[]) => {
    const isB = differs[sizes.length] ?? false;
    sizes.push(lines.length);
    return lines.map((args) => result(args, args === B && isB));
  };
  return { sizes, verify };
}

function count(results: readonly LineResult[]): number {
  return results.filter(({ differences }) => differences.length > 0).length;
}

t.test('no difference: nothing is asked again', async (t) => {
  const { sizes, verify } = scripted([]);
  t.equal(count(await verifyConfirmed([A, B], verify)), 0);
  t.same(sizes, [2]);
});

t.test('one that comes again counts, and only its line was asked again', async (t) => {
  const { sizes, verify } = scripted([true, false, false, true]);
  t.equal(count(await verifyConfirmed([A, B], verify)), 1);
  t.same(sizes, [2, 1, 1, 1]);
});

t.test('one that does not come again is forgotten, after all lines were seen anew', async (t) => {
  const { sizes, verify } = scripted([true]);
  t.equal(count(await verifyConfirmed([A, B], verify)), 0);
  t.same(sizes, [2, 1, 1, 1, 1, 1, 2]);
});

t.test('the last look is believed as it is', async (t) => {
  const { verify } = scripted([true, false, false, false, false, false, true]);
  t.equal(count(await verifyConfirmed([A, B], verify)), 1);
});
