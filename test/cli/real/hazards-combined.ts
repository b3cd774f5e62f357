// One program over all hazardous packages, on the Node versions that hazards-node-24.ts leaves out.

import t from 'tap';
import { hazardProgram, runCombined } from '../cases/hazards.js';
import { corpus } from '../harness/corpus.js';
import { nodes } from '../harness/nodes.js';

t.setTimeout(900_000);

const folder = corpus(t, 'hazards');
if (folder !== undefined) {
  for (const node of nodes(t, ['v20', 'v22', 'v26'])) {
    const program = hazardProgram(t, folder);
    await t.test(`all packages, Node ${node.name}`, async (t) => runCombined(t, node, program));
  }
}
