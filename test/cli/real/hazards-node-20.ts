// Every hazard in ten environments, on Node 20.

import { hazardsOn } from '../cases/hazards.js';

await hazardsOn('v20');
