// What a build learns of a node serves the builds of other programs: what one program needs must not show in another's.
import { join } from 'node:path';
import t from 'tap';
import { build, verdictOf } from '../harness/build.js';
import { compare } from '../harness/compare.js';
import { write } from '../harness/files.js';
import { nodes } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';

t.setTimeout(300_000);

const USES =
  "const { spawn } = require('node:child_process'), tty = require('node:tty'); exports.name = spawn.name + typeof tty.isatty;";

for (const node of nodes(t, ['v24'])) {
  await t.test(`a program with workers before one without, Node ${node.name}`, async (t) => {
    const ground = scratch(t, 'shared-facts');
    for (const [name, request] of [
      ['workers', 'node:worker_threads'],
      ['others', 'node:path'],
    ] as const) {
      const entry = `require('${request}'); console.log(require('./uses').name);`;
      write(join(ground, name), { 'cli.js': entry, 'uses.js': USES, 'package.json': '{}' });
    }
    // One home, and so one cache.
    const env = { XDG_CACHE_HOME: join(ground, 'cache') };
    const first = await build(t, node, { entry: join(ground, 'workers/cli.js'), train: ['x'], ownCache: true, env });
    const second = await build(t, node, { entry: join(ground, 'others/cli.js'), train: ['x'], ownCache: true, env });
    t.equal(verdictOf(second, '/uses.js'), 'baked', 'what workers abort on is baked where there are none');
    for (const target of [first, second]) await compare(t, target, { args: ['x'] });
  });
}
