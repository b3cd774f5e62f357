// Each hazardous package in a program of its own, on Node 24. The other versions run one program over all of them
// (hazards-combined.ts): fifteen builds on each of four nodes would take most of the time CI has.

import t from 'tap';
import { hazardPackages, hazardProgram, runHazard } from '../cases/hazards.js';
import { corpus } from '../harness/corpus.js';
import { nodes } from '../harness/nodes.js';

t.setTimeout(900_000);

const folder = corpus(t, 'hazards');
if (folder !== undefined) {
  for (const node of nodes(t, ['v24'])) {
    const program = hazardProgram(t, folder);
    for (const name of hazardPackages) await t.test(name, async (t) => runHazard(t, node, program, name));
  }
}
