// The files that the real jobs work on: reporters of the mocha corpus and 200 files of webpack, copied out of
// node_modules because linters and formatters pass that over, and the TypeScript sample.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusBin, corpusFolder, node, root, scratch } from './places.js';

const folder = join(scratch, 'inputs');

export const inputs = {
  sources: join(folder, 'sources'),
  manySources: join(folder, 'many-sources'),
  formatted: join(folder, 'formatted'),
  lintConfig: join(folder, 'eslint.json'),
  project: join(folder, 'project'),
};

/** Rules that walk the whole tree or follow scopes and code paths; as warnings, so that a run ends with exit code 0. */
const RULES = [
  ...['array-callback-return', 'block-scoped-var', 'complexity', 'consistent-return', 'eqeqeq', 'max-len'],
  ...['no-shadow', 'no-undef', 'no-unreachable', 'no-unused-vars', 'no-use-before-define', 'prefer-const'],
];

const LINT = {
  root: true,
  env: { node: true, browser: true },
  parserOptions: { ecmaVersion: 2022 },
  rules: Object.fromEntries(RULES.map((rule) => [rule, 'warn'])),
};

const PROJECT = {
  compilerOptions: {
    target: 'ES2022',
    module: 'CommonJS',
    moduleResolution: 'node10',
    strict: true,
    noEmit: true,
    types: [],
  },
  files: ['roman.ts', 'numerals.ts'],
};

/** Files of a job that lasts much longer than a start: there, what is won at the start must not be lost again. */
const MANY = 200;

export function prepareInputs(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(inputs.project, { recursive: true });
  const sources = join(corpusFolder('mocha'), 'node_modules', 'mocha', 'lib', 'reporters');
  cpSync(sources, inputs.sources, { recursive: true });
  cpSync(sources, inputs.formatted, { recursive: true });
  copyManySources();
  execFileSync(node, [corpusBin('prettier', 'prettier'), '--loglevel=error', '--write', inputs.formatted]);
  writeFileSync(inputs.lintConfig, JSON.stringify(LINT));
  for (const file of PROJECT.files)
    cpSync(join(root, 'samples', 'typescript-cli', 'src', file), join(inputs.project, file));
  writeFileSync(join(inputs.project, 'tsconfig.json'), JSON.stringify(PROJECT));
}

function copyManySources(): void {
  const library = join(corpusFolder('webpack'), 'node_modules', 'webpack', 'lib');
  const scripts = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
  if (scripts.length < MANY) throw new Error(`${library} has ${scripts.length} scripts, ${MANY} are wanted.`);
  for (const path of scripts.sort().slice(0, MANY)) cpSync(join(library, path), join(inputs.manySources, path));
}
