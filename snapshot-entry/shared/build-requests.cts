// What the build asks of a blob that it has just made, as the first argument. The artifact's id, 128 random bits that
// stand in the blob and the pack only, keeps a program's own arguments from being taken for it.

/** With the id behind it: boot, and load every built-in in a worker thread. */
export const BOOT_CHECK = 'v8-snap-boot-check:';

/** With the id, a colon and a path behind it: run the program, and at its end write there the code caches of what it compiled. */
export const WARM_UP = 'v8-snap-warm-up:';

/** In the place of a module's index: the built-ins that the run loaded, a line each. */
export const BUILTINS_RECORD = 0xffff_ffff;

/** Likewise: the files of the baked modules that were activated, and of those that were asked for and could not be. */
export const ACTIVE_RECORD = 0xffff_fffe;
export const REFUSED_RECORD = 0xffff_fffd;

/** Takes the path out of `process.argv`; undefined in a user's run. */
export function takeWarmUpFile(artifactId: string): string | undefined {
  const asked = process.argv.findIndex((argument) => argument.startsWith(`${WARM_UP}${artifactId}:`));
  if (asked < 0) return undefined;
  const [request = ''] = process.argv.splice(asked, 1);
  return request.slice(WARM_UP.length + artifactId.length + 1);
}
