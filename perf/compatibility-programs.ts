// The CLIs of docs/COMPATIBILITY.md: popular ones that no rule was written for, and what each is asked to do.

export interface TriedProgram {
  readonly package: string;
  readonly version: string;
  readonly bin: string;
  /** What it does not bring along and its users install beside it: `name@version`. */
  readonly beside?: readonly string[];
  /** Beyond `--version` and `--help`, trained and verified; shell-like. */
  readonly lines: readonly string[];
  /** Small inputs, by name: the folder that it runs in. */
  readonly files?: Readonly<Record<string, string>>;
  /** Keeps it off the network, or from leaving a process behind, as a daemon would. */
  readonly env?: Readonly<Record<string, string>>;
}

const SCRIPT = `const { add } = require('./add.cjs');

/**
 * Adds one.
 * @param {number} value
 */
function next(value) {
  return add(value, 1);
}

console.log(next(41));
`;

const ADD = 'exports.add = (a, b) => a + b;\n';
const ES_MAIN =
  "import { add } from './add.js';\nexport const next = (value) => add(value, 1);\nconsole.log(next(41));\n";
const ES_ADD = 'export const add = (a, b) => a + b;\nexport const unused = 1;\n';

const STYLES = `$accent: #336699;
.card {
  color: $accent;
  &:hover { color: lighten($accent, 10%); }
}
`;

/** jest's own one prints times, of which no two are the same. */
const QUIET_REPORTER = `module.exports = class {
  onTestResult(_, { testResults }) {
    for (const { fullName, status } of testResults) console.log(status, fullName);
  }
};
`;

const COLLECTION = {
  info: { name: 'demo', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [{ name: 'nobody listens', request: { method: 'GET', url: 'http://127.0.0.1:9/' } }],
};

export const triedPrograms: readonly TriedProgram[] = [
  {
    package: 'rollup',
    version: '4.68.7',
    bin: 'rollup',
    lines: ['main.mjs --format cjs --silent', 'absent.mjs'],
    files: { 'main.mjs': ES_MAIN.replace('add.js', 'add.mjs'), 'add.mjs': ES_ADD },
  },
  {
    package: 'terser',
    version: '5.51.2',
    bin: 'terser',
    lines: ['script.cjs --compress --mangle', 'broken.js'],
    files: { 'script.cjs': SCRIPT, 'broken.js': 'const = 1;\n' },
  },
  {
    package: 'less',
    version: '4.9.1',
    bin: 'lessc',
    lines: ['style.less', 'absent.less'],
    files: { 'style.less': '@accent: #369;\n.card { color: @accent; &:hover { color: lighten(@accent, 10%); } }\n' },
  },
  {
    package: 'sass',
    version: '1.108.2',
    bin: 'sass',
    lines: ['--no-source-map style.scss', 'broken.scss'],
    files: { 'style.scss': STYLES, 'broken.scss': '.card { color: $absent; }\n' },
  },
  {
    package: 'stylelint',
    version: '18.0.0',
    bin: 'stylelint',
    lines: ['--config stylelint.json style.css'],
    files: {
      'style.css': '.card { colr: red; }\n.empty {}\n',
      'stylelint.json': '{ "rules": { "block-no-empty": true, "property-no-unknown": true } }\n',
    },
  },
  {
    package: 'jest',
    version: '30.5.2',
    bin: 'jest',
    lines: ['--listTests', '--runInBand --reporters=./quiet.cjs'],
    files: {
      'add.cjs': ADD,
      'quiet.cjs': QUIET_REPORTER,
      'add.test.js': "const { add } = require('./add.cjs');\ntest('adds', () => expect(add(1, 2)).toBe(3));\n",
    },
  },
  {
    package: 'nyc',
    version: '18.0.0',
    bin: 'nyc',
    lines: ['instrument script.cjs', 'node script.cjs'],
    files: { 'script.cjs': SCRIPT, 'add.cjs': ADD },
  },
  {
    package: 'http-server',
    version: '14.1.1',
    bin: 'http-server',
    lines: ['--tls --cert absent.pem'],
  },
  {
    package: 'nodemon',
    version: '3.1.14',
    bin: 'nodemon',
    lines: ['--dump script.cjs', '--help config'],
    files: { 'script.cjs': SCRIPT, 'add.cjs': ADD },
  },
  {
    package: 'ts-node',
    version: '10.9.2',
    bin: 'ts-node',
    beside: ['typescript@5.9.3'],
    lines: ['--transpile-only hello.ts', 'wrong.ts'],
    files: {
      'hello.ts': 'const words: string[] = ["hello", "world"];\nconsole.log(words.join(" "));\n',
      'wrong.ts': 'const count: number = "one";\nconsole.log(count);\n',
      'tsconfig.json': '{ "compilerOptions": { "module": "commonjs", "target": "es2022", "types": [] } }\n',
    },
  },
  {
    package: 'standard',
    version: '17.1.2',
    bin: 'standard',
    lines: ['script.cjs'],
    files: { 'script.cjs': SCRIPT, 'add.cjs': ADD },
  },
  {
    package: 'browserify',
    version: '17.0.1',
    bin: 'browserify',
    lines: ['script.cjs', 'absent.js'],
    files: { 'script.cjs': SCRIPT, 'add.cjs': ADD },
  },
  {
    package: 'yarn',
    version: '1.22.22',
    bin: 'yarn',
    lines: ['--offline config list', '--offline check'],
  },
  {
    package: '@vue/cli',
    version: '5.0.9',
    bin: 'vue',
    lines: ['config', 'serv'],
  },
  {
    package: 'jsdoc',
    version: '4.0.5',
    bin: 'jsdoc',
    lines: ['--explain script.js', '--nosuch'],
    files: { 'script.js': SCRIPT },
  },
  {
    package: 'depcheck',
    version: '1.4.7',
    bin: 'depcheck',
    lines: ['--json', 'absent'],
    files: {
      'script.js': SCRIPT,
      'view.jsx': "import React from 'react';\nexport const view = <p>{React.version}</p>;\n",
    },
  },
  {
    package: 'newman',
    version: '6.2.2',
    bin: 'newman',
    lines: ['run collection.json', 'run absent.json'],
    files: { 'collection.json': JSON.stringify(COLLECTION) },
  },
  {
    package: 'knex',
    version: '3.3.0',
    bin: 'knex',
    lines: ['migrate:list', 'migrate:make --help'],
  },
  {
    package: '@angular/cli',
    version: '22.2.7',
    bin: 'ng',
    lines: ['new --help', 'build'],
    env: { NG_CLI_ANALYTICS: 'false' },
  },
  {
    package: 'license-checker',
    version: '25.0.1',
    bin: 'license-checker',
    lines: ['--json', '--summary'],
    files: { LICENSE: 'MIT License\n' },
  },
];
