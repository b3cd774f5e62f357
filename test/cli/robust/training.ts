// What the runs of a build may do: everything in a sandbox, files that come and go, differences that stay known.

import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { buildArguments, snap, toolFile } from '../harness/build.js';
import { names, write } from '../harness/files.js';
import { KNOWN_DIFFERENCE } from '../harness/known-difference.js';
import { nodes, pathFolder } from '../harness/nodes.js';
import { scratch } from '../harness/places.js';
import { baseEnvironment } from '../harness/run.js';
import { startSession } from '../harness/session.js';

t.setTimeout(300_000);

const WRITES = `
const fs = require('fs'), os = require('os'), path = require('path');
const passing = path.join(__dirname, 'passing.js');
fs.writeFileSync(passing, 'module.exports = 1');
require(passing);
fs.unlinkSync(passing);
try { require('./broken.json'); } catch (error) { console.log(error.name); }
fs.appendFileSync(path.join(os.homedir(), 'log'), 'x');
fs.appendFileSync('log', 'x');
console.log(require(path.join(process.cwd(), 'config.js')), require('./a'));
`;

for (const node of nodes(t, ['v24'])) {
  await t.test(
    'every run of a sandboxed build is in the sandbox; what is gone after the trace is untraced',
    async (t) => {
      const ground = realpathSync(scratch(t, 'sandboxed'));
      const [cwd, out] = [join(ground, 'cwd'), join(ground, 'out')];
      write(ground, {
        'app/cli.js': WRITES,
        'app/a.js': "module.exports = 'a';",
        'app/broken.json': '{ "a": 1, }',
        'cwd/config.js': "module.exports = 'config';",
      });
      mkdirSync(join(ground, 'tmp'));
      const options = { entry: join(ground, 'app/cli.js'), train: ['x'], extra: ['--sandbox'] };
      const env = { TMPDIR: join(ground, 'tmp') };
      const home = baseEnvironment(ground, pathFolder(ground, node)).HOME ?? '';
      const result = await snap(node, buildArguments(node, out, 'cli', options), ground, { cwd, env });
      t.equal(result.code, 0, result.stderr);
      const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
      t.match(manifest, { mode: 'accelerated', verified: [{ same: true }] });
      t.same(names(cwd), ['config.js'], 'the working folder');
      t.notOk(existsSync(join(home, 'log')), 'the home');
      t.same(names(join(ground, 'tmp')), [], 'nothing is left');
    },
  );

  // The trace preloads, and comparing runs have the artifact say what it does.
  const phases = {
    'code caches are taken': '!process.env.V8_SNAP_RECORDING && !process.env.SNAP_DEBUG',
    'runs are compared': 'process.env.SNAP_DEBUG',
  };
  for (const [phase, isNow] of Object.entries(phases)) {
    await t.test(`an interrupt while ${phase}`, async (t) => {
      const ground = scratch(t, 'interrupted');
      const entry = join(ground, 'app/cli.js');
      const hang = "require('fs').writeFileSync(__dirname + '/hangs', ''); setInterval(() => {}, 1e6);";
      write(ground, { 'app/cli.js': `require('./a'); if (${isNow}) { ${hang} }`, 'app/a.js': '' });
      const env = baseEnvironment(ground, pathFolder(ground, node));
      const args = buildArguments(node, join(ground, 'parent/out'), 'cli', { entry, train: ['x'] });
      const session = startSession('node', [toolFile, ...args], { cwd: ground, env, timeoutMs: 60_000 });
      for (let tries = 0; !existsSync(join(ground, 'app/hangs')) && tries < 400; tries++)
        await new Promise((done) => setTimeout(done, 100));
      session.kill('SIGTERM');
      const result = await session.result;
      t.equal(result.code, 130, result.stderr);
      t.same(names(join(ground, 'parent')), []);
    });
  }

  await t.test('a difference is told again by a build that finds everything up to date', async (t) => {
    const ground = scratch(t, 'different');
    const entry = join(ground, 'cli.js');
    write(ground, {
      'cli.js': `require('./a');console.log(process.env.SNAP_DEBUG, ${KNOWN_DIFFERENCE});`,
      'a.js': '',
    });
    const args = buildArguments(node, join(ground, 'out'), 'cli', { entry, train: ['x'] });
    for (const which of ['first', 'second']) t.equal((await snap(node, args, ground)).code, 3, which);
  });

  await t.test('a flag of the shebang that baked code would not have', async (t) => {
    const ground = scratch(t, 'flag');
    const entry = join(ground, 'cli.js');
    write(ground, {
      'cli.js': "#!/usr/bin/env -S node --enable-source-maps\nconsole.log(require('./a'));",
      'a.js': '',
    });
    const result = await snap(node, buildArguments(node, join(ground, 'out'), 'cli', { entry, train: ['x'] }), ground);
    t.equal(result.code, 0, result.stderr);
    const manifest = JSON.parse(readFileSync(join(ground, 'out/manifest.json'), 'utf8'));
    t.match(manifest, {
      mode: 'plain',
      plainReason: "the shebang's flag --enable-source-maps changes how modules load",
    });
  });
}
