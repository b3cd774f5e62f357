/**
 * The part of a launcher that becomes node. In bash on Linux node gets exactly the environment that the
 * launcher got: names that are no identifiers, absent ones, values and order. A shell cannot do that by itself
 * (bash resets PWD, counts SHLVL, sets _, drops OLDPWD and orders by hash), so the original is read from
 * /proc/self/environ and handed on through env(1): an exec more, no process more, about 0.6 ms.
 * Limit: before it reads a line, bash complains on stderr where LC_ALL names a locale that is not installed, where
 * SHLVL is 999 or more, and where BASH_COMPAT is nonsense.
 */
import type { LauncherSpec } from './types.js';

/** Bash: reads the original environment into `snap_env`; sets `snap_exact` to 1 if it could. */
export function originalEnvironment(): string {
  return `# The environment as it came: bash alters it (PWD, SHLVL, _, order). Not to be had outside Linux or in bash < 4.4.
snap_exact=
if mapfile -d '' -t snap_env 2>/dev/null </proc/self/environ && [ -x /usr/bin/env ]; then
  snap_exact=1
  # Bash makes up a PATH where there is none; execvp has its own.
  if [[ \${PATH@a} != *x* ]]; then snap_why='PATH is not set'; fi
  # As getenv: the first of a name counts, an entry without "=" does not. (env would take the last.)
  printf -v snap_names '[_%q]= ' "\${snap_env[@]%%=*}"
  declare -A snap_seen="($snap_names)"
  IFS=
  if ((\${#snap_seen[@]} != \${#snap_env[@]})) || [ -n "\${snap_env[*]##*=*}" ]; then
    snap_seen=()
    snap_kept=()
    for snap_word in "\${snap_env[@]}"; do
      snap_name=_\${snap_word%%=*}
      if [[ $snap_word != *=* || \${snap_seen[$snap_name]} ]]; then continue; fi
      snap_seen[$snap_name]=1
      snap_kept+=("$snap_word")
    done
    snap_env=("\${snap_kept[@]}")
  fi
fi
`;
}

const unpinned = `# The name, not the path, as "#!/usr/bin/env node" does: argv0 and the process title say "node".
if [ -n "$snap_exact" ]; then exec -c /usr/bin/env -- "\${snap_env[@]}" node "$@"; fi
exec node "$@"
`;

/**
 * env(1) cannot set argv0 (coreutils < 9.5), bash can; so here bash hands the environment on. Each variable gets
 * a function scope of its own, entered last to first: bash exports the innermost scope first, which gives
 * back the order. `_` can only be a temporary variable (it comes first then); SHLVL is lowered by exec, so it is
 * raised first, and its absence is kept by pointing the name at an array, which is never exported.
 * What has no place in a scope (other names, read-only ones) goes through env, where argv0 is node's path.
 */
const pinned = `# Pinned: this very binary. If it is gone, or is the one on PATH anyway, the name will do.
if [ ! -x "$snap_built" ] || [ "$snap_onpath" -ef "$snap_built" ]; then
  if [ -n "$snap_exact" ]; then exec -c /usr/bin/env -- "\${snap_env[@]}" node "$@"; fi
  if [ ! -x "$snap_built" ]; then exec node "$@"; fi
fi
# env would take a path with "=" for a variable.
if [ -z "$snap_exact" ] || [[ $snap_built == *=* ]]; then exec -a node "$snap_built" "$@"; fi
# Only bash can set argv0, and only scopes keep the order of variables: one scope each, the innermost comes first.
snap_become() {
  if ((snap_left == 0)); then
    if [ -n "\${snap_last+set}" ]; then _=$snap_last exec -a node "$snap_built" "$@"; fi
    exec -a node "$snap_built" "$@"
  fi
  local snap_one=\${snap_env[--snap_left]}
  case $snap_one in
    _=*) snap_last=\${snap_one#_=} ;;
    # What bash would not hand on as it is goes through env; argv0 is the path then.
    snap_*=* | BASH*=* | FUNC*=* | GROUPS=* | DIRSTACK=* | SHLVL= | SHLVL=0?* | SHLVL=????* | SHLVL=*[!0-9]* | \
      UID=* | EUID=* | PPID=* | SHELLOPTS=*) exec -c /usr/bin/env -- "\${snap_env[@]}" "$snap_built" "$@" ;;
    SHLVL=*) local -x SHLVL=$((\${snap_one#SHLVL=} + 1)) ;; # exec takes one off
    LC_*=* | LANG=*) # bash warns of those that are not installed
      local -x "$snap_one" 2>/dev/null || exec -c /usr/bin/env -- "\${snap_env[@]}" "$snap_built" "$@" ;;
    *)
      # Told by its spelling, since a redirection of what bash says of others costs seven system calls a variable.
      case \${snap_one%%=*} in
        '' | [0-9]* | *[!\${snap_letters}]*) exec -c /usr/bin/env -- "\${snap_env[@]}" "$snap_built" "$@" ;;
      esac
      local -x "$snap_one" || exec -c /usr/bin/env -- "\${snap_env[@]}" "$snap_built" "$@"
      ;;
  esac
  snap_become "$@"
}
export -n PWD OLDPWD SHLVL
declare -n SHLVL='snap_level[0]' # exec sets and exports SHLVL; an array cannot be exported
unset FUNCNEST snap_last
snap_letters=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ # a range would follow the locale
snap_left=\${#snap_env[@]}
snap_become "$@"
`;

/** Bash: exec node with "$@". */
export function bashHandOver(spec: LauncherSpec): string {
  return spec.node.pinned ? pinned : unpinned;
}

/** sh: exec node with "$@"; the environment is what the shell makes of it, argv0 of a pinned node its path. */
export function shHandOver(spec: LauncherSpec): string {
  const exec = spec.node.pinned ? `if [ -x "$snap_built" ]; then exec "$snap_built" "$@"; fi\n` : '';
  return `# Limit of sh: variables whose names are no identifiers do not reach node. Where bash exists they do.
${exec}exec node "$@"
`;
}
