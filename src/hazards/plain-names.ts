// Names of what a plain run of the target node has: globals, their members, built-in modules. A snapshot builder lacks some of
// them (`WebAssembly`, `Promise.try` on Node 24), and a module that tests for one would remember that it is missing.
import { fileURLToPath } from 'node:url';
import { outputOf } from '../target/child.js';
import { bareEnvironment } from '../target/measure.js';
import { nodeFailed } from './errors.js';

const TIMEOUT_MS = 20_000;

/** `X`, `X.member`, `X.prototype.member` and `node:NAME`, as a plain run sees them. */
export async function plainNames(node: string, home: string): Promise<string[]> {
  try {
    const script = fileURLToPath(new URL('./plain-names-script.cjs', import.meta.url));
    const text = await outputOf(node, [script], { env: bareEnvironment(home), timeoutMs: TIMEOUT_MS });
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch (cause) {
    throw nodeFailed(node, cause);
  }
}
