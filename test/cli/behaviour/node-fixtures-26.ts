// The subjects of Node's own snapshot fixtures, accelerated against plain, on Node 26.

import { nodeFixtures } from '../cases/node-fixtures.js';

await nodeFixtures('v26');
