// The environment: every variable reaches the program, whatever a shell would make of its name, and those that change
// what Node does change it here too.

import { fixtures } from '../harness/places.js';
import type { Cases } from './behaviour.js';

const facts = ['facts:environment'];
const shellsOwn = {
  _: '/usr/bin/something',
  SHLVL: '7',
  PWD: '/nowhere',
  OLDPWD: '/before',
  RANDOM: '5',
  SECONDS: '1000',
  LINENO: '12',
  UID: 'someone',
  EUID: 'someone',
  PPID: 'x',
  OPTIND: '9',
  OPTARG: 'y',
  IFS: ':',
  PS1: '> ',
  PS4: '$(echo traced >&2)',
  COLUMNS: '11',
  LINES: '12',
  HOSTNAME: 'host',
  DIRSTACK: 'x',
  GROUPS: '1',
  FUNCNAME: 'f',
  HISTCMD: '3',
  EPOCHSECONDS: '1',
  REPLY: 'r',
  MAIL: 'm',
};

export const environmentCases: Cases = {
  'environment: members of globals and built-ins': [{ args: ['facts:surfaces'] }],
  'environment: as it is': [
    { args: facts },
    { args: ['facts:environmentOrder'] },
    { args: ['facts:childEnvironment'] },
  ],
  'environment: names that are no identifiers': [
    {
      args: facts,
      env: { 'a.b': '1', 'npm_config_@x:y': 'v', 'with space': 'w', 'dash-ed': 'd', '1st': 'n', ünï: 'é', 'a(b)': 'p' },
    },
    { args: ['facts:childEnvironment'], env: { 'a.b': '1', 'npm_package_config_x-y': '2' } },
  ],
  'environment: empty and long values, newlines': [
    {
      args: facts,
      env: { EMPTY: '', NEWLINES: 'a\nb\n\nc\n', QUOTES: `'"\`$\\`, SPACES: '  x  ', LONG: 'l'.repeat(50_000) },
    },
  ],
  'environment: variables that shells set or use': [
    { args: facts, env: shellsOwn },
    { args: facts, env: { BASH_ENV: '/etc/profile', ENV: '/etc/profile', BASHOPTS: 'extglob', SHELLOPTS: 'xtrace' } },
    { args: facts, env: { POSIXLY_CORRECT: '1', BASH_XTRACEFD: '2', CDPATH: '/', GLOBIGNORE: '*', TMOUT: '1' } },
    { args: facts, env: { 'BASH_FUNC_exec%%': '() { echo hijacked; }', 'BASH_FUNC_node%%': '() { echo hijacked; }' } },
    { args: facts, env: { GLIBC_TUNABLES: 'glibc.malloc.check=0', MALLOC_ARENA_MAX: '1' } },
    { args: ['facts:childEnvironment'], env: { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } },
    { args: ['facts:childEnvironment'], env: { GLIBC_TUNABLES: '' } },
    // Locales that every machine has: bash warns of an LC_ALL that is not installed.
    { args: facts, env: { LC_ALL: 'C.UTF-8', LANG: 'xx_XX', LC_MESSAGES: 'C' } },
    { args: facts, env: { LC_ALL: 'POSIX', LC_CTYPE: 'C' } },
  ],
  'environment: order': [{ args: ['facts:environmentOrder'], env: { ZZ: '1', AA: '2', MM: '3' } }],
  'time zone and locale': [
    { args: ['facts:timezone'] },
    { args: ['facts:timezone'], env: { TZ: 'America/New_York', LANG: 'de_DE.UTF-8' } },
  ],
  'variables that modules read at load': [
    { args: ['load:reader'], env: { BEHAVIOUR_MODE: 'set', NODE_ENV: 'production' } },
    { args: ['load:live'], env: { BEHAVIOUR_MODE: '', HOME: '/elsewhere', TMPDIR: '/var/tmp', TZ: 'Asia/Tokyo' } },
    { args: ['load:reader'], terminal: {} },
  ],
  'what guards ask for': [
    { args: ['load:guarded'] },
    { args: ['load:guarded'], terminal: {} },
    { args: ['load:guarded', '--color'] },
    { args: ['load:guarded'], env: { BEHAVIOUR_MODE: 'set' } },
    { args: ['load:guarded'], env: { BEHAVIOUR_MODE: '' } },
    { args: ['load:guarded'], env: { BEHAVIOUR_OTHER: '1' } },
    { args: ['load:guarded'], env: { behaviour_lower: '1', TERM: 'dumb' } },
    { args: ['load:guarded'], env: { BEHAVIOUR_UNSET: '1' } },
    ...['Later', 'Arguments', 'Stream', 'Environment'].map((what) => ({ args: [`load:guarded${what}`] })),
  ],
  NODE_OPTIONS: [
    { args: ['ends:warnings'], env: { NODE_OPTIONS: '--no-warnings' }, path: 'either' },
    { args: ['ends:warnings'], env: { NODE_OPTIONS: '--no-deprecation' }, path: 'either' },
    { args: ['ends:warnings'], env: { NODE_OPTIONS: '--throw-deprecation' }, path: 'either' },
    { args: ['facts:process'], env: { NODE_OPTIONS: '--max-old-space-size=512' }, path: 'either' },
    { args: ['facts:process'], env: { NODE_OPTIONS: '' } },
    { args: ['facts:process'], env: { NODE_OPTIONS: '--stack-trace-limit=3' }, path: 'either' },
    { args: ['stacks:baked'], env: { NODE_OPTIONS: '--enable-source-maps' }, path: 'plain' },
    { args: ['modules:packages'], env: { NODE_OPTIONS: '--conditions=development' }, path: 'plain' },
    { args: ['modules:filenames'], env: { NODE_OPTIONS: '--preserve-symlinks' }, path: 'plain' },
    { args: ['modules:cache'], env: { NODE_OPTIONS: `--require ${fixtures}/preload.cjs` }, path: 'plain' },
    { args: ['facts:hello'], env: { NODE_OPTIONS: `--import ${fixtures}/preload.cjs` }, path: 'plain' },
    { args: ['facts:hello'], env: { NODE_OPTIONS: '--no-such-flag' }, path: 'plain' },
    { args: ['facts:hello'], env: { NODE_OPTIONS: '--unhandled-rejections=warn' }, path: 'either' },
  ],
  'variables that Node reads': [
    { args: ['ends:warnings'], env: { NODE_NO_WARNINGS: '1' }, path: 'either' },
    { args: ['ends:warnings'], env: { NODE_PENDING_DEPRECATION: '1' }, path: 'either' },
    { args: ['modules:filenames'], env: { NODE_PRESERVE_SYMLINKS: '1' }, path: 'plain' },
    { args: ['modules:resolve'], env: { NODE_PATH: `${fixtures}/behaviour/modules` }, path: 'plain' },
    { args: ['streams:colours'], env: { NODE_DISABLE_COLORS: '1' }, terminal: {}, path: 'either' },
    { args: ['facts:hello'], env: { SNAP_DISABLE: '1' }, path: 'plain' },
    { args: ['facts:hello'], env: { NODE_ENV: 'production', CI: '1', DEBUG: '*' } },
  ],
};
