// The public API. The command line is a thin layer over it.
export type { Manifest, ManifestModule } from './artifact/manifest.js';
export { type Fault, SnapError } from './errors/snap-error.js';
export { build } from './pipeline/build.js';
export type { BuildOptions, BuildResult } from './pipeline/options.js';
export type { Phase, Progress } from './pipeline/phases.js';
export type { Verdict } from './plan/types.js';
export type { Difference } from './verify/compare.js';
export type { LineResult } from './verify/verify.js';
export { verifyArtifact } from './verify/verify-artifact.js';
