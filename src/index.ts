// The public API. The command line is a thin layer over it.
export type { Manifest, ManifestModule, Verdict } from './artifact/manifest.js';
export { build } from './build/build.js';
export type { BuildOptions, BuildResult } from './build/options.js';
export type { Phase, Progress } from './build/phases.js';
export { type Fault, SnapError } from './errors/snap-error.js';
export type { Difference } from './verify/compare.js';
export type { LineResult } from './verify/verify.js';
export { verifyArtifact } from './verify/verify-artifact.js';
