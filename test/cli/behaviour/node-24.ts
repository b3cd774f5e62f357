// Every behaviour of the fixture program, accelerated against plain, on Node 24.

import { behaviour } from '../cases/behaviour.js';

await behaviour('v24');
