/** With the artifact's id behind it, the one argument on which a blob boots and does nothing: the build tries it so. */
export const BOOT_CHECK = 'v8-snap-boot-check:';
