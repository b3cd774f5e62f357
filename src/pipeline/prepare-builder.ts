// The builder's scripts in a build's work folder, and the child processes that run them.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILDER_FILE } from '../../snapshot-entry/shared/bake-plan.cjs';
import { BOOT_CHECK, Builder, WITHOUT_CODE } from '../bake/builder-run.js';
import { bundleFolder, bundleScript } from '../target/bundle-script.js';
import { bareEnvironment } from '../target/measure.js';

const compiled = (name: string) => fileURLToPath(new URL(`../../snapshot-entry/${name}`, import.meta.url));

/** What the builder is started with, and what stays in the heap: all of this folder. */
const LAUNCH = compiled('launch/read-builder.cjs');

/** The two scripts of a builder: the one that a user's process runs, and the one that a build alone does. */
export function builderScripts(): { readonly launch: string; readonly builder: string } {
  return { launch: bundleFolder(LAUNCH), builder: bundleScript(compiled('builder/builder.cjs'), LAUNCH) };
}

/**
 * The builder's two scripts and the boot check's, and beside them the JSON file whose load shows the builder how Node marks
 * its modules, and the one that tells Node how to build what is only looked at. `variables`: those of a user's terminal.
 */
export async function prepareBuilder(
  folder: string,
  node: string,
  variables: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Builder> {
  const script = path.join(folder, 'builder.js');
  const { launch, builder } = builderScripts();
  const files = {
    'builder.js': launch,
    [BUILDER_FILE]: builder,
    [BOOT_CHECK]: bundleScript(compiled('trial/boot-check.cjs')),
    'probe.json': '{}',
    [WITHOUT_CODE]: JSON.stringify({ builder: script, withoutCodeCache: true }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text, { mode: 0o600 });
  const env = { ...variables, ...bareEnvironment(folder) };
  const home = { cwd: folder, env, args: [], stdout: 'ignore' } as const;
  return new Builder(node, script, folder, home, signal);
}
