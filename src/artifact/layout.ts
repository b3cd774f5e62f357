// The files of an artifact folder. The launcher, named after the command, stands beside them.
import { artifactFiles } from '../launch/index.js';

export const MANIFEST_FILE = 'manifest.json';

/** Everything that a build writes, in the order in which a rebuild puts it in place. */
export const ARTIFACT_FILES = [
  MANIFEST_FILE,
  artifactFiles.pack,
  artifactFiles.blob,
  artifactFiles.blobStamp,
  artifactFiles.nodeStamp,
] as const;

/** Work folders of builds in progress: within the artifact folder, so that renames stay on one file system. */
export const WORK_PREFIX = '.snap-work-';
