/**
 * The part of a launcher that decides: boot the snapshot, or run plainly and why (`snap_why`).
 * The same text for bash and sh. It starts no process, but for a symbolic link (readlink) and for an artifact
 * whose stamps were lost in a copy (one stat). All variables are called snap_*, so that none of the
 * user's exported ones is overwritten where the environment is handed on by the shell itself.
 */

import { HUGE_PAGES, SNAPSHOT } from '../../snapshot-entry/shared/launch-requests.cjs';
import { plainWhenSet, readBehindScript } from '../target/environment.js';
import type { AllowedOption } from '../target/facts.js';
import { shellQuote } from './quote.js';
import { artifactFiles, type LauncherShell, type LauncherSpec, terminalFolder } from './types.js';

/** Finds the artifact's folder from `$0`; sets `snap_dir`. */
export function ownFolder(): string {
  return `# The artifact's folder: moved, copied, found on PATH or behind symbolic links.
snap_self=$0
case $snap_self in */*) ;; *) snap_self=./$snap_self ;; esac
while [ -L "$snap_self" ]; do
  snap_link=$(readlink "$snap_self" && echo .) # the dot keeps newlines at the end of a name
  snap_link=\${snap_link%??}
  case $snap_link in /*) snap_self=$snap_link ;; *) snap_self=\${snap_self%/*}/$snap_link ;; esac
done
snap_dir=\${snap_self%/*}
`;
}

/** Finds `node` on PATH; sets `snap_onpath`, empty if there is none. */
export function nodeOnPath(): string {
  return `# The node on PATH, searched as execvp would; the shell's own look-up could be read only through a fork.
set -f
IFS=:
snap_path=$PATH:
snap_onpath=
for snap_word in $snap_path; do
  snap_word=\${snap_word:-.}/node
  if [ -f "$snap_word" ] && [ -x "$snap_word" ]; then
    snap_onpath=$snap_word
    break
  fi
done
`;
}

function optionPatterns(allowed: readonly AllowedOption[]): { digits: string[]; exact: string[] } {
  const digits: string[] = [];
  const exact: string[] = [];
  for (const { flag, value } of allowed) {
    if (value === 'none') exact.push(flag);
    else if (value === 'digits') digits.push(flag);
    else exact.push(...value.map((one) => `${flag}=${one}`));
  }
  return { digits, exact };
}

/** Sets `snap_why` where a variable of the environment asks for what only a plain run gives. */
export function settings(spec: LauncherSpec): string {
  const { digits, exact } = optionPatterns(spec.nodeOptionsAllow);
  const cases = [
    ...digits.map((flag) => `      ${flag}= | ${flag}=*[!0-9]*) snap_why=$snap_refused ;;\n      ${flag}=*) ;;`),
    ...(exact.length > 0 ? [`      ${exact.join(' | ')}) ;;`] : []),
    '      *) snap_why=$snap_refused ;;',
  ];
  const { nodePath = '' } = spec;
  const named = plainWhenSet.filter(({ name }) => name !== 'NODE_PATH' || nodePath === '');
  const variables = named.map(({ name }) => `elif [ -n "$${name}" ]; then snap_why='${name} is set'`);
  if (nodePath !== '') {
    variables.push(`elif [ "$NODE_PATH" != ${shellQuote(nodePath)} ]; then snap_why='NODE_PATH is not as at build'`);
  }
  return `# Settings that would have changed what was evaluated at build.
if [ "$SNAP_DISABLE" = 1 ]; then snap_why='SNAP_DISABLE=1'
${variables.join('\n')}
elif [ -n "$NODE_OPTIONS" ]; then
  # Node splits at spaces; what is quoted or escaped matches no pattern here and so runs plainly.
  snap_refused='NODE_OPTIONS holds more than a snapshot can honour'
  IFS=' '
  for snap_word in $NODE_OPTIONS; do
    case $snap_word in
${cases.join('\n')}
    esac
  done
fi
`;
}

/** Sets `snap_why` where Node itself reads one of the program's arguments. */
export function argumentsForNode(): string {
  const patterns = readBehindScript.map(({ prefix }) => `${prefix}*`).join(' | ');
  return `# What node reads of its command line wherever it stands there.
for snap_word in "$@"; do
  case $snap_word in ${patterns}) snap_why='an argument is for node itself' ;; esac
done
`;
}

/** Chooses the snapshot for these streams: sets its folder, and the sizes and the checksum that its files must have. */
export function chooseWorld({ blobBytes, packBytes, blobChecksum, terminal }: LauncherSpec): string {
  const facts = (blob: number, pack: number, checksum: string | undefined): string =>
    `snap_blob=${blob} snap_pack=${pack}${checksum === undefined ? '' : ` snap_sum=${shellQuote(checksum)}`}`;
  const pipe = `snap_world=$snap_dir ${facts(blobBytes, packBytes, blobChecksum)}\n`;
  if (terminal === undefined) return pipe;
  const tests = terminal.descriptors.map((fd) => `[ -t ${fd} ]`).join(' && ');
  return `# Two worlds: modules that ask whether a stream is a terminal were evaluated for pipes, and again for terminals.
if ${tests} && [ -d "$snap_dir/${terminalFolder}" ]; then
  snap_world=$snap_dir/${terminalFolder} ${facts(terminal.blobBytes, terminal.packBytes, terminal.blobChecksum)}
else
  ${pipe}fi
`;
}

/** Asked where the stamp was lost: another blob may have the same size, and booting it would crash. */
function checksumTest({ blobChecksum }: LauncherSpec): string {
  if (blobChecksum === undefined) return '';
  return `[ "$(cksum <"$snap_world/${artifactFiles.blob}")" = "$snap_sum" ] || snap_why='node or a file of the artifact is not as built' `;
}

/** Sets `snap_why` where the node that would run, or a file of the artifact, is not provably as built. */
export function identity(spec: LauncherSpec): string {
  const { blob, pack, nodeStamp, blobStamp } = artifactFiles;
  const same = (file: string, stamp: string): string =>
    `[ -f ${stamp} ] && [ ! ${file} -nt ${stamp} ] && [ ! ${file} -ot ${stamp} ]`;
  const files = `"$snap_built" "$snap_world/${blob}" "$snap_world/${pack}"`;
  const missing = spec.node.pinned
    ? `elif [ ! -x "$snap_built" ]; then snap_why='the node that was built for is gone'`
    : `elif [ ! "$snap_onpath" -ef "$snap_built" ]; then snap_why='the node on PATH is not the one that was built for'`;
  return `# The artifact is whole, and the node that would run is the one that was built for.
if [ -n "$snap_why" ]; then :
elif [ ! -s "$snap_world/${blob}" ] || [ ! -s "$snap_world/${pack}" ]; then
  snap_why='a file of the artifact is missing or empty'
elif [ ! -r "$snap_world/${blob}" ] || [ ! -r "$snap_world/${pack}" ]; then
  snap_why='the artifact belongs to another user'
${missing}
# A stamp has the very time of the file it vouches for, so any write, truncation or replacement shows.
elif ${same('"$snap_built"', `"$snap_dir/${nodeStamp}"`)} &&
  ${same(`"$snap_world/${blob}"`, `"$snap_world/${blobStamp}"`)}; then :
else
  # Copied without its times: node is known by size and time, the blob by its checksum.
  snap_facts=$(stat -L -c '%s %Y' ${files} 2>/dev/null || stat -L -f '%z %m' ${files} 2>/dev/null)
  case $snap_facts in
    '${spec.node.bytes} ${spec.node.mtimeSeconds}
'"$snap_blob"' '*'
'"$snap_pack"' '*) ${checksumTest(spec)};;
    *) snap_why='node or a file of the artifact is not as built' ;;
  esac
fi
`;
}

function flagWords(spec: LauncherSpec): string {
  return spec.nodeFlags.map((flag) => `${shellQuote(flag)} `).join('');
}

/** Sets "$@" to the arguments of a plain run. */
export function plainArguments(spec: LauncherSpec): string {
  return `if [ "$SNAP_DEBUG" = 1 ]; then printf 'snap: plain: %s\\n' "$snap_why" >&2; fi
set -- ${flagWords(spec)}"$snap_entry" "$@"
`;
}

/**
 * Asks glibc for huge pages through the environment; the booted process takes the variable out again. A user's own setting
 * of it stays as it is, and then there are no huge pages.
 */
function askForHugePages(shell: LauncherShell): string {
  const { name, value } = HUGE_PAGES;
  const unset = `[ -z "\${${name}+set}" ]`;
  return shell === 'bash'
    ? `  if [ -n "$snap_exact" ] && ${unset}; then snap_env+=('${name}=${value}'); fi\n`
    : `  if ${unset}; then export ${name}='${value}'; fi\n`;
}

/** Appends the blob's option to NODE_OPTIONS, behind the user's own options; the booted process takes it out again. */
function askForSnapshot({ node }: LauncherSpec, shell: LauncherShell): string {
  const { name, begin, end } = SNAPSHOT;
  const exported = `export ${name}="\${${name}+$${name} }$snap_option"`;
  const handOver =
    shell === 'sh'
      ? `  ${exported}\n`
      : `  if [ -z "$snap_exact" ]${node.pinned ? ' || [[ $snap_built == *=* ]]' : ''}; then ${exported}
  elif [ -z "\${${name}+set}" ]; then snap_env+=("${name}=$snap_option")
  else
    for snap_word in "\${!snap_env[@]}"; do
      if [[ \${snap_env[snap_word]} == ${name}=* ]]; then snap_env[snap_word]+=" $snap_option"; fi
    done
  fi
`;
  return `  # Node reads the blob's path from NODE_OPTIONS: its command line is that of a plain run.
  snap_rest=$snap_world/${artifactFiles.blob}
  snap_option=${shellQuote(begin)}
  while :; do
    case $snap_rest in
      *[\\\\\\"]*) ;; # within quotes, these two are escaped
      *) break ;;
    esac
    snap_word=\${snap_rest%%[\\\\\\"]*}
    snap_rest=\${snap_rest#"$snap_word"}
    snap_option=$snap_option$snap_word\\\\\${snap_rest%"\${snap_rest#?}"}
    snap_rest=\${snap_rest#?}
  done
  snap_option=$snap_option$snap_rest${shellQuote(end)}
${handOver}`;
}

/** Turns the decision into node's arguments, in "$@". SNAP_DEBUG=1: of a boot, the booted process itself prints the line. */
export function nodeArguments(spec: LauncherSpec, shell: LauncherShell): string {
  return `if [ -n "$snap_why" ]; then
  ${plainArguments(spec).trimEnd().replaceAll('\nset', '\n  set')}
else
${spec.hugePages === true ? askForHugePages(shell) : ''}  set -- ${flagWords(spec)}"$snap_entry" "$@"
${bootFlags(spec)}${askForSnapshot(spec, shell)}fi
`;
}

/** They stand before the CLI's own flags: of two flags that contradict each other, node heeds the last. */
function bootFlags({ bootFlags: flags = [] }: LauncherSpec): string {
  if (flags.length === 0) return '';
  return `  if [ -z "$NODE_OPTIONS" ]; then set -- ${flags.map(shellQuote).join(' ')} "$@"; fi\n`;
}
