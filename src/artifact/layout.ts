// The files of an artifact folder. The launcher, named after the command, stands beside them. Names that the launcher has in
// its text are its own vocabulary (src/launch/types.ts).
import { artifactFiles, terminalFolder } from '../launch/types.js';

export const MANIFEST_FILE = 'manifest.json';

/** Of a world: pack, blob, and what vouches for the blob. */
const WORLD_FILES = [artifactFiles.pack, artifactFiles.blob, artifactFiles.blobStamp];

/** Everything that a build writes, below the artifact's folder, in the order in which a rebuild puts it in place. */
export const ARTIFACT_FILES: readonly string[] = [
  MANIFEST_FILE,
  ...WORLD_FILES,
  ...WORLD_FILES.map((name) => `${terminalFolder}/${name}`),
  artifactFiles.nodeStamp,
];

/** Work folders of builds in progress: within the artifact folder, so that renames stay on one file system. */
export const WORK_PREFIX = '.snap-work-';
