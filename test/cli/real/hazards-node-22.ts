// Every hazard in ten environments, on Node 22.

import { hazardsOn } from '../cases/hazards.js';

await hazardsOn('v22');
