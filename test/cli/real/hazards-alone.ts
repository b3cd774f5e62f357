// Each hazardous package in a program of its own, on Node 24: hazards-node-*.ts run one program over all of them, in
// which what becomes of one package might be decided by another.

import t from 'tap';
import { hazardPackages, hazardProgram, runAlone } from '../cases/hazards.js';
import { corpus } from '../harness/corpus.js';
import { nodes } from '../harness/nodes.js';

t.setTimeout(900_000);

const folder = corpus(t, 'hazards');
if (folder !== undefined) {
  for (const node of nodes(t, ['v24'])) {
    const program = hazardProgram(t, folder);
    for (const name of hazardPackages) await t.test(name, async (t) => runAlone(t, node, program, name));
  }
}
