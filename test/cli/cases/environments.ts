// The ten environments that a program must not be able to tell from the one it was built in. The build has none of these
// variables, pipes for streams, and another folder.

import type { Case } from '../harness/compare.js';

/** What a case takes from the environment that it is run in. */
export type Surroundings = Pick<Case, 'env' | 'cwd' | 'terminal'>;

const elsewhere = {
  HOME: '/nowhere',
  TMPDIR: '/var/tmp',
  XDG_CONFIG_HOME: '/nowhere/config',
  XDG_CACHE_HOME: '/nowhere/cache',
  XDG_DATA_HOME: '/nowhere/data',
};

export const environments: Readonly<Record<string, Surroundings>> = {
  'FORCE_COLOR=3': { env: { FORCE_COLOR: '3' } },
  'NO_COLOR=1': { env: { NO_COLOR: '1', COLORTERM: 'truecolor' } },
  // On a terminal: a pipe has no colours, whatever TERM says.
  'TERM=dumb': { terminal: { columns: 40 }, env: { TERM: 'dumb', DEBUG: 'app:*', DEBUG_COLORS: '1' } },
  'DEBUG=*': { env: { DEBUG: '*' } },
  'NODE_ENV=production': { env: { NODE_ENV: 'production', NO_DEPRECATION: 'hazard' } },
  'CI=true': { env: { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' } },
  'another cwd': { cwd: '/usr' },
  'another HOME and XDG': { env: elsewhere },
  // Not LC_ALL: bash, which starts launchers, warns of one that is not installed before it reads a line of ours.
  'LANG and TZ': { env: { LANG: 'de_DE.UTF-8', LANGUAGE: 'de', TZ: 'Pacific/Kiritimati' } },
  'a terminal': { terminal: {} },
};
