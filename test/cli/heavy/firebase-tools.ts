// firebase-tools 13: 3121 files, of which the training lines load 2812. Heavy: a build may take three minutes.

import { realProgram } from '../cases/real.js';

await realProgram({
  corpus: 'firebase',
  entry: 'node_modules/firebase-tools/lib/bin/firebase.js',
  train: ['--version', '--help'],
  files: () => ({ 'firebase.json': '{ "hosting": { "public": "public" } }', 'public/index.html': '<p>' }),
  env: { NO_UPDATE_NOTIFIER: '1', CI: '1' },
  on: ['v24'],
  buildTimeoutMs: 900_000,
  // 2287 of 2809. 37 more were baked until `import * as process` was deferred: three copies of google-logging-utils copy all
  // members of `process` at load, of which a fork has other ones (`send`), and the Google clients log while they load.
  bakedShare: 2280 / 2809,
  cases: [
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['help', 'deploy'] },
    { args: ['no-such-command'] },
    { args: ['--version'], terminal: {} },
  ],
});
