// Every hazard in ten environments, on Node 24.

import { hazardsOn } from '../cases/hazards.js';

await hazardsOn('v24');
