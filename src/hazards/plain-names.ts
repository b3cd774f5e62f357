// What a plain run of the target node has: globals, their members, built-in modules. The builder lacks some of it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bareEnvironment } from '../target/measure.js';
import { nodeFailed } from './errors.js';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;

/** `X`, `X.member`, `X.prototype.member` and `node:NAME`, as a plain run sees them. */
export async function plainNames(node: string, home: string): Promise<string[]> {
  try {
    const script = fileURLToPath(new URL('./plain-names-script.cjs', import.meta.url));
    const { stdout } = await run(node, [script], {
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
