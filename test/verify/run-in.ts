// What a program finds in each kind of environment, asked of a shell.
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Environment, MATRIX, SHORT_FORM } from '../../src/verify/environments.js';
import { runIn } from '../../src/verify/run-in.js';
import { noTerminal } from '../../src/verify/terminal.js';

const env = { PATH: process.env.PATH, HOME: '/nowhere', XDG_CACHE_HOME: '/nowhere', SHELL: '/bin/false', A: 'a' };

function places(t: Test): { cwd: string; scratch: string } {
  const dir = realpathSync(t.testdir({ cwd: { old: '' }, scratch: {} }));
  return { cwd: join(dir, 'cwd'), scratch: join(dir, 'scratch') };
}

async function sh(t: Test, environment: Omit<Environment, 'name'>, script: string, args: readonly string[] = []) {
  const { cwd, scratch } = places(t);
  const run = runIn({ name: 'this', ...environment }, scratch, 10);
  const result = await run('/bin/sh', ['-c', script, 'sh', ...args], { cwd, env, timeoutMs: 20_000 });
  const written = result.written?.map(({ path, bytes }) => `${path} ${bytes}`);
  return { cwd, scratch, written, code: result.exitCode, out: `${result.stdout}`, err: `${result.stderr}` };
}

t.test('as it is: the same variables, the same folder; what is written there shows', async (t) => {
  const { out, written, cwd } = await sh(t, {}, 'echo "$HOME $A"; pwd; echo x > new; echo y > "$0.txt"');
  t.equal(out, `/nowhere a\n${cwd}\n`);
  t.same(written, ['./new x\n', './sh.txt y\n']);
});

t.test('variables that are set and taken away', async (t) => {
  const { out } = await sh(t, { env: { A: null, B: 'b c' } }, 'echo "$(printenv A || echo none) $B"');
  t.equal(out, 'none b c\n');
});

t.test('an empty home and another folder, the same ones in each run', async (t) => {
  const script =
    'echo "$HOME" "$XDG_CACHE_HOME"; pwd; ls -A . "$HOME"; echo h > "$HOME/h"; echo t > "$TMPDIR/t"; echo c > c';
  const environment = { home: 'empty', isElsewhere: true } as const;
  const { out, scratch, written } = await sh(t, environment, script);
  const home = join(scratch, 'home');
  t.equal(out, `${home} \n${join(scratch, 'another folder')}\n.:\n\n${home}:\n`);
  t.same(written, ['./c c\n', '$HOME/h h\n', '$TMPDIR/t t\n']);
  const again = runIn({ name: 'this', ...environment }, scratch, 10);
  const second = await again('/bin/sh', ['-c', script], { cwd: scratch, env, timeoutMs: 20_000 });
  t.equal(`${second.stdout}`, out);
});

t.test('no home', async (t) => {
  t.equal((await sh(t, { home: 'none' }, 'printenv HOME || echo none')).out, 'none\n');
});

t.test('what a folder that is too large holds is not looked at', async (t) => {
  const { cwd, scratch } = places(t);
  for (let n = 0; n < 11; n++) mkdirSync(join(cwd, String(n)));
  const run = runIn({ name: 'this' }, scratch, 10);
  t.same((await run('/bin/sh', ['-c', 'echo x > new'], { cwd, env, timeoutMs: 20_000 })).written, []);
});

const OPEN = '[ -p /dev/stdin ] && echo pipe; cat 2>/dev/null && echo ended || echo closed';

t.test('input: none, an empty pipe, closed; words reach the program as they are', async (t) => {
  t.equal((await sh(t, {}, OPEN)).out, 'ended\n');
  t.equal((await sh(t, { stdin: 'empty' }, OPEN)).out, 'pipe\nended\n');
  t.equal((await sh(t, { stdin: 'closed' }, OPEN)).out, 'closed\n');
  const words = ["it's", '$HOME `id`', 'two\nlines', ''];
  const print = 'printf "<%s>" "$@"; exit 3';
  const expected = words.map((word) => `<${word}>`).join('');
  t.match(await sh(t, { stdin: 'closed' }, print, words), { out: expected, code: 3 });
});

t.test('on a terminal', async (t) => {
  const missing = await noTerminal({ cwd: process.cwd(), env, timeoutMs: 20_000 });
  if (missing !== null) return t.comment(`SKIPPED: ${missing}`);
  const kinds = 'for n in 0 1 2; do [ -t $n ] && echo $n; done; stty size; echo "$SHELL"; echo error >&2; exit 4';
  const all = await sh(t, { terminal: 'all' }, kinds);
  t.match(all, { out: '0\r\n1\r\n2\r\n31 97\r\n/bin/false\r\nerror\r\n', err: '', code: 4, written: [] });
  const some = await sh(t, { terminal: 'all but stderr' }, kinds);
  t.match(some, { out: '0\r\n1\r\n31 97\r\n/bin/false\r\n', err: 'error\n', code: 4, written: [] });
  const words = ["it's", '$HOME `id`', ''];
  t.equal(
    (await sh(t, { terminal: 'all' }, 'printf "<%s>" "$@"', words)).out,
    words.map((word) => `<${word}>`).join(''),
  );
  const waits = await sh(t, { terminal: 'all' }, 'printf "name? "; cat; echo over');
  t.equal(waits.out, 'name? over\r\n', 'who waits for input gets its end');
});

t.test('a machine without script says so', async (t) => {
  const { cwd } = places(t);
  t.equal(await noTerminal({ cwd, env: { PATH: cwd }, timeoutMs: 20_000 }), 'no `script` command');
});

t.test('each condition is in the matrix; the names say them apart', async (t) => {
  const has = (test: (environment: Environment) => boolean) => MATRIX.some(test);
  const names = ['FORCE_COLOR', 'NO_COLOR', 'TERM', 'DEBUG', 'NODE_ENV', 'CI', 'LANG', 'TZ'];
  for (const name of names)
    t.ok(
      has(({ env = {} }) => typeof env[name] === 'string'),
      name,
    );
  t.ok(
    has(({ isElsewhere }) => isElsewhere === true),
    'another folder',
  );
  for (const home of ['empty', 'none'])
    t.ok(
      has((environment) => environment.home === home),
      `home: ${home}`,
    );
  for (const stdin of ['closed', 'empty'])
    t.ok(
      has((environment) => environment.stdin === stdin),
      `stdin: ${stdin}`,
    );
  t.ok(
    has(({ terminal }) => terminal === 'all'),
    'terminal',
  );
  t.same(Object.keys(MATRIX[0] ?? {}), ['name'], 'the first changes nothing');
  t.equal(new Set(MATRIX.map(({ name }) => name)).size, MATRIX.length);
  t.ok(SHORT_FORM.length <= 4 && SHORT_FORM.some(({ terminal }) => terminal === 'all'));
});
