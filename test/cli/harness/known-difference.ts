/** An expression that a program evaluates to something else where it was booted from a snapshot (README, Limits). */
export const KNOWN_DIFFERENCE = `String(require('fs').readFileSync('/proc/self/environ')).includes('--snapshot-blob')`;
