// What a plain run of the target node has: globals, their members, built-in modules. The builder lacks some of it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bareEnvironment } from '../node/measure.js';
import { nodeFailed } from './errors.js';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;

const SCRIPT = `const names = require('module').builtinModules.map((name) => 'node:' + name.replace(/^node:/, ''));
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (name.startsWith('node:') || names.includes('node:' + name)) continue;
  names.push(name);
  if (!/^[A-Z]/.test(name)) continue;
  const value = Object.getOwnPropertyDescriptor(globalThis, name).value;
  if (value === null || !/object|function/.test(typeof value)) continue;
  for (const key of Object.getOwnPropertyNames(value)) names.push(name + '.' + key);
  if (value.prototype) for (const key of Object.getOwnPropertyNames(value.prototype)) names.push(name + '#' + key);
}
process.stdout.write(JSON.stringify(names));`;

/** `X`, `X.member`, `X#prototypeMember` and `node:NAME`, as a plain run sees them. */
export async function plainNames(node: string, home: string): Promise<string[]> {
  try {
    const { stdout } = await run(node, ['-e', SCRIPT], {
      env: bareEnvironment(home),
      timeout: TIMEOUT_MS,
      maxBuffer: 1 << 24,
    });
    const names: unknown = JSON.parse(stdout);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch (cause) {
    throw nodeFailed(node, cause);
  }
}
