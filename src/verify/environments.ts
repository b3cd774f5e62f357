// The environments of `snap verify --matrix`, as data: what each changes. The short form is what a build can afford.

export interface Environment {
  readonly name: string;
  /** Variables to set, or to take away (null). */
  readonly env?: Readonly<Record<string, string | null>>;
  /** `empty`: a new one for each run, with a TMPDIR beside it. `none`: HOME is not set. Default: the user's. */
  readonly home?: 'empty' | 'none';
  /** A new, empty folder instead of the current one. */
  readonly isElsewhere?: boolean;
  /** Default: /dev/null. */
  readonly stdin?: 'closed' | 'empty';
  /** Which of the streams are a pseudo-terminal. Default: none. */
  readonly terminal?: 'all' | 'all but stderr';
}

const COLOUR_SETTINGS = { FORCE_COLOR: null, NO_COLOR: null } as const;
/** Programs print colours on a terminal unless told otherwise. */
const TERMINAL = { ...COLOUR_SETTINGS, CI: null, TERM: 'xterm-256color' } as const;
/** bash itself warns where LC_ALL names a locale that is not installed; LANG may name any. */
const GERMAN = { LANG: 'de_DE.UTF-8', LANGUAGE: 'de', LC_ALL: null, LC_MESSAGES: null, LC_CTYPE: null } as const;

const changes: readonly Environment[] = [
  { name: 'FORCE_COLOR=3', env: { ...COLOUR_SETTINGS, FORCE_COLOR: '3' } },
  { name: 'FORCE_COLOR=0', env: { ...COLOUR_SETTINGS, FORCE_COLOR: '0' } },
  { name: 'NO_COLOR=1', env: { ...COLOUR_SETTINGS, NO_COLOR: '1' } },
  { name: 'TERM=dumb', env: { TERM: 'dumb' } },
  { name: 'DEBUG=*', env: { DEBUG: '*' } },
  { name: 'NODE_ENV=production', env: { NODE_ENV: 'production' } },
  { name: 'CI=true', env: { CI: 'true' } },
  { name: 'CI=true GITHUB_ACTIONS=true', env: { CI: 'true', GITHUB_ACTIONS: 'true' } },
  { name: 'another folder', isElsewhere: true },
  { name: 'an empty HOME' },
  { name: 'no HOME', home: 'none' },
  { name: 'LANG=de_DE.UTF-8', env: GERMAN },
  { name: 'LC_ALL=C', env: { LC_ALL: 'C' } },
  { name: 'TZ=Pacific/Kiritimati', env: { TZ: 'Pacific/Kiritimati' } },
  { name: 'terminal', env: TERMINAL, terminal: 'all' },
  { name: 'terminal, stderr to a file', env: TERMINAL, terminal: 'all but stderr' },
  { name: 'terminal, TERM=dumb', env: { ...TERMINAL, TERM: 'dumb' }, terminal: 'all' },
  { name: 'stdin an empty pipe', stdin: 'empty' },
  { name: 'stdin closed', stdin: 'closed' },
];

/** All but the first have a home of their own, where the files that they write can be compared. */
export const MATRIX: readonly Environment[] = [
  { name: 'as it is: pipes, no input' },
  ...changes.map((environment): Environment => ({ home: 'empty', ...environment })),
];

/** Few, each with several changes: a build runs every training line in each. What a line needs of its folder stays. */
export const SHORT_FORM: readonly Environment[] = [
  {
    name: 'FORCE_COLOR=3, TZ, LANG, an empty HOME',
    home: 'empty',
    env: { FORCE_COLOR: '3', NO_COLOR: null, TZ: 'Pacific/Kiritimati', ...GERMAN },
  },
  {
    name: 'NO_COLOR=1, TERM=dumb, CI, NODE_ENV=production, stdin closed',
    stdin: 'closed',
    env: { NO_COLOR: '1', FORCE_COLOR: null, TERM: 'dumb', CI: 'true', NODE_ENV: 'production' },
  },
  { name: 'terminal', env: TERMINAL, terminal: 'all' },
];
