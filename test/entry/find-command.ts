// Commands as package managers install them: what is found is what a plain run shows in `process.argv[1]`.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { findCommand, throughScript } from '../../src/entry/find-command.js';

function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  }
}

/** A package in a folder of packages, with its commands. */
function pack(name: string, bin: string | Readonly<Record<string, string>>): Record<string, string | object> {
  const files = typeof bin === 'string' ? [bin] : Object.values(bin);
  return {
    [`${name}/package.json`]: { name, bin },
    ...Object.fromEntries(files.map((file) => [path.join(name, file), 'run();'])),
  };
}

/** As pnpm writes it. */
const script = (file: string): string => `#!/bin/sh
basedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")
if [ -x "$basedir/node" ]; then
  exec "$basedir/node"  "$basedir/../${file}" "$@"
else
  exec node  "$basedir/../${file}" "$@"
fi
`;

function project(t: Test): string {
  const folder = t.testdir();
  write(folder, { 'package.json': { name: 'project' } });
  return folder;
}

t.test('a link of npm, Yarn or bun', async (t) => {
  const folder = project(t);
  write(path.join(folder, 'node_modules'), { ...pack('tool', 'cli.js'), '.bin/.keep': '' });
  const link = path.join(folder, 'node_modules/.bin/tool');
  symlinkSync('../tool/cli.js', link);
  t.equal(await findCommand('tool', folder, ''), link);
  write(folder, { 'packages/a/package.json': {} });
  t.equal(await findCommand('tool', path.join(folder, 'packages/a'), ''), link, 'from a workspace below');
});

t.test('a script of pnpm stands for the file that it starts', async (t) => {
  const folder = project(t);
  const packages = path.join(folder, 'node_modules');
  write(packages, {
    ...pack('.pnpm/tool@1.0.0/node_modules/tool', { tool: 'bin/tool.js', 'tool-two': 'bin/two.js' }),
    '.bin/tool': script('tool/bin/tool.js'),
    '.bin/tool-two': script('tool/bin/two.js'),
  });
  symlinkSync('.pnpm/tool@1.0.0/node_modules/tool', path.join(packages, 'tool'));
  t.equal(await findCommand('tool', folder, ''), path.join(packages, 'tool/bin/tool.js'), 'through the link');
  t.equal(await findCommand('tool-two', folder, ''), path.join(packages, 'tool/bin/two.js'));
  t.equal(
    await throughScript(path.join(packages, '.bin/tool')),
    path.join(packages, 'tool/bin/tool.js'),
    'by its path',
  );
});

t.test('of packages with the same command the one that the script names', async (t) => {
  const folder = project(t);
  const packages = path.join(folder, 'node_modules');
  write(packages, {
    ...pack('another', { tool: 'cli.js' }),
    ...pack('@scope/tool', 'main.js'),
    ...pack('tool', 'cli.js'),
    '.bin/tool': script('@scope/tool/main.js'),
  });
  t.equal(await findCommand('tool', folder, ''), path.join(packages, '@scope/tool/main.js'));
  write(packages, { '.bin/tool': script('elsewhere/x.js') });
  t.equal(await findCommand('tool', folder, ''), path.join(packages, 'tool/cli.js'), 'or the one of that name');
});

t.test('commands without links', async (t) => {
  const folder = project(t);
  const packages = path.join(folder, 'node_modules');
  write(packages, { ...pack('@scope/one', './one.js'), 'broken/package.json': '{', 'text/package.json': '"x"' });
  t.equal(await findCommand('one', folder, ''), path.join(packages, '@scope/one/one.js'), 'of a package');
  write(folder, { 'package.json': { name: 'project', bin: { own: 'own.js' } }, 'own.js': 'run();', 'sub/x': '' });
  t.equal(await findCommand('own', path.join(folder, 'sub'), ''), path.join(folder, 'own.js'), 'of the project itself');
  write(packages, { 'gone/package.json': { name: 'gone', bin: 'gone.js' } });
  t.equal(await findCommand('gone', folder, ''), null, 'a file that is not there is no command');
});

t.test('commands that are installed for all projects', async (t) => {
  const folder = project(t);
  write(folder, {
    'prefix/bin/.keep': '',
    ...Object.fromEntries(Object.entries(pack('tool', 'cli.js')).map(([n, x]) => [`prefix/lib/node_modules/${n}`, x])),
    ...Object.fromEntries(
      Object.entries(pack('other', 'x.js')).map(([n, x]) => [`home/global/5/node_modules/${n}`, x]),
    ),
    'home/other': script('global/5/node_modules/other/x.js').replaceAll('../', ''),
    'scripts/sh-tool': '#!/bin/sh\necho\n',
  });
  const [bin, home] = [path.join(folder, 'prefix/bin'), path.join(folder, 'home')];
  symlinkSync('../lib/node_modules/tool/cli.js', path.join(bin, 'tool'));
  symlinkSync('loop', path.join(folder, 'loop'));
  const searched = [
    'relative',
    path.join(folder, 'none'),
    path.join(folder, 'loop'),
    bin,
    home,
    path.join(folder, 'scripts'),
  ].join(':');
  t.equal(await findCommand('tool', folder, searched), path.join(bin, 'tool'), 'npm: the link');
  t.equal(
    await findCommand('other', folder, searched),
    path.join(home, 'global/5/node_modules/other/x.js'),
    'pnpm: the file',
  );
  t.equal(
    await findCommand('sh-tool', folder, searched),
    path.join(folder, 'scripts/sh-tool'),
    'any other script: itself',
  );
  t.equal(await findCommand('tool', folder, ''), null);
});

t.test('a project whose packages are in archives', async (t) => {
  const folder = project(t);
  write(folder, { '.pnp.cjs': '' });
  await t.rejects(findCommand('tool', folder, ''), { code: 'ENTRY_ARCHIVED', hint: /node-modules/, path: folder });
});
