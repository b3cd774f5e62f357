// Every hazard rule. A new rule is a file in rules/, a line here and an entry in docs/HAZARDS.md.
import type { Finding, ModuleFacts, Rule } from './rule.js';
import { argv } from './rules/argv.js';
import { asyncContext } from './rules/async-context.js';
import { asyncWork } from './rules/async-work.js';
import { builtinList } from './rules/builtin-list.js';
import { builtinWrite } from './rules/builtin-write.js';
import { clock } from './rules/clock.js';
import { dynamicImport } from './rules/dynamic-import.js';
import { envEnumerate } from './rules/env-enumerate.js';
import { envRead } from './rules/env-read.js';
import { envWrite } from './rules/env-write.js';
import { errorKept } from './rules/error-kept.js';
import { featureTest } from './rules/feature-test.js';
import { fileOutside } from './rules/file-outside.js';
import { fileWrite } from './rules/file-write.js';
import { foreignWrite } from './rules/foreign-write.js';
import { globalWrite } from './rules/global-write.js';
import { loaderRead } from './rules/loader-read.js';
import { locale } from './rules/locale.js';
import { moduleHook } from './rules/module-hook.js';
import { nativeKept } from './rules/native-kept.js';
import { network } from './rules/network.js';
import { notEvaluated } from './rules/not-evaluated.js';
import { os } from './rules/os.js';
import { processListener } from './rules/process-listener.js';
import { processState } from './rules/process-state.js';
import { processWrite } from './rules/process-write.js';
import { random } from './rules/random.js';
import { spawn } from './rules/spawn.js';
import { stackSetting } from './rules/stack-setting.js';
import { startsProgram } from './rules/starts-program.js';
import { stdStream } from './rules/std-stream.js';
import { throws } from './rules/throws.js';
import { unparsed } from './rules/unparsed.js';
import { unsnapshotableBuiltin } from './rules/unsnapshotable-builtin.js';

export const rules: readonly Rule[] = [
  argv,
  asyncContext,
  asyncWork,
  builtinList,
  builtinWrite,
  clock,
  dynamicImport,
  envEnumerate,
  envRead,
  envWrite,
  errorKept,
  featureTest,
  fileOutside,
  fileWrite,
  foreignWrite,
  globalWrite,
  loaderRead,
  locale,
  moduleHook,
  nativeKept,
  network,
  notEvaluated,
  os,
  processListener,
  processState,
  processWrite,
  random,
  spawn,
  stackSetting,
  startsProgram,
  stdStream,
  throws,
  unparsed,
  unsnapshotableBuiltin,
];

/** What stands against baking a module; empty if nothing does. */
export function findHazards(facts: ModuleFacts, active: readonly Rule[] = rules): Finding[] {
  return active.flatMap((rule) => rule.find(facts));
}

export function adviceFor(code: string): string | undefined {
  return rules.find((rule) => rule.code === code)?.advice;
}
