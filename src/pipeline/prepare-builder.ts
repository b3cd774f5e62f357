// The builder's script in a build's work folder, and the child processes that run it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Builder, WITHOUT_CODE } from '../bake/builder-run.js';
import { bundleScript } from '../target/bundle-script.js';
import { bareEnvironment } from '../target/measure.js';

const BUILDER = fileURLToPath(new URL('../../snapshot-entry/builder/builder.cjs', import.meta.url));

/**
 * One script, and beside it the JSON file whose load shows the builder how Node marks its modules, and the one that tells
 * Node how to build what is only looked at.
 */
export async function prepareBuilder(
  folder: string,
  node: string,
  world: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Builder> {
  const script = path.join(folder, 'builder.js');
  await writeFile(script, bundleScript(BUILDER), { mode: 0o600 });
  await writeFile(path.join(folder, 'probe.json'), '{}', { mode: 0o600 });
  const withoutCode = { builder: script, withoutCodeCache: true };
  await writeFile(path.join(folder, WITHOUT_CODE), JSON.stringify(withoutCode), { mode: 0o600 });
  const env = { ...world, ...bareEnvironment(folder) };
  const home = { cwd: folder, env, args: [], stdout: 'ignore' } as const;
  return new Builder(node, script, folder, home, signal);
}
