// Every hazard in ten environments, on Node 26.

import { hazardsOn } from '../cases/hazards.js';

await hazardsOn('v26');
