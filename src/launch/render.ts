import {
  argumentsForNode,
  chooseWorld,
  identity,
  nodeArguments,
  nodeOnPath,
  ownFolder,
  plainArguments,
  settings,
} from './choose-path.js';
import { bashHandOver, originalEnvironment, shHandOver } from './hand-over.js';
import { shellQuote } from './quote.js';
import type { LauncherShell, LauncherSpec } from './types.js';

function header(spec: LauncherSpec, bash: boolean): string {
  const title = JSON.stringify(spec.name).slice(1, -1);
  const disabled = bash ? 'SC2016' : 'SC2016,SC3013';
  const tests = bash ? '' : '; dash, busybox, mksh and ksh know -ef, -nt and -ot';
  return `#!${bash ? '/bin/bash -p' : '/bin/sh'}
# shellcheck disable=${disabled} # what is quoted is meant literally${tests}
# ${title}: boots from its snapshot where that is certain to fit, else runs plainly and silently.
# Written by "snap build". SNAP_DISABLE=1: run plainly. SNAP_DEBUG=1: say which way it went, and why.
`;
}

/** The launcher's text. Pure: everything that depends on the machine is in `spec`. */
export function renderLauncher(spec: LauncherSpec & { readonly shell: LauncherShell }): string {
  const bash = spec.shell === 'bash';
  const accelerated = spec.mode === 'accelerated';
  const reason = accelerated ? '' : shellQuote(spec.plainReason ?? 'it was built to run plainly');
  const needsPath = spec.node.pinned ? bash : accelerated;
  const needsBuilt = accelerated || spec.node.pinned;
  return [
    header(spec, bash),
    `snap_entry=${shellQuote(spec.entry)}\n`,
    needsBuilt ? `snap_built=${shellQuote(spec.node.path)} # node ${spec.node.version}\n` : '',
    `snap_why=${reason}\n`,
    bash ? originalEnvironment() : '',
    accelerated ? ownFolder() : '',
    needsPath ? nodeOnPath() : '',
    accelerated ? settings(spec) : '',
    accelerated ? argumentsForNode() : '',
    accelerated ? chooseWorld(spec) : '',
    accelerated ? identity(spec) : '',
    accelerated ? nodeArguments(spec, spec.shell) : plainArguments(spec),
    bash ? bashHandOver(spec) : shHandOver(spec),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
