// The subjects of Node's own snapshot fixtures, accelerated against plain, on Node 22.

import { nodeFixtures } from '../cases/node-fixtures.js';

await nodeFixtures('v22');
