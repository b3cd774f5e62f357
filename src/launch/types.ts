import type { AllowedOption } from '../target/facts.js';

/** The node binary that the snapshot was built for. */
export interface LauncherNode {
  /** Its real path: symbolic links resolved. */
  readonly path: string;
  /** True: always this binary (`--node`); false: whatever PATH finds, as the CLI's own shebang would. */
  readonly pinned: boolean;
  readonly version: string;
  /** Size and whole-second mtime: what identifies it where the artifact's stamps were lost in a copy. */
  readonly bytes: number;
  readonly mtimeSeconds: number;
}

export type LauncherShell = 'bash' | 'sh';

/** All that a launcher knows. Written into it at build: it reads nothing but the artifact's stamps. */
export interface LauncherSpec {
  /** The command's name; also the launcher's file name. */
  readonly name: string;
  /** `plain`: a launcher that always runs plainly (an ES-module entry, an artifact that failed to verify). */
  readonly mode: 'accelerated' | 'plain';
  /** With mode `plain`, what SNAP_DEBUG=1 says. One line. */
  readonly plainReason?: string | undefined;
  /** Absolute path exactly as plain node gets it in argv[1]; may be a symbolic link in node_modules/.bin. */
  readonly entry: string;
  readonly node: LauncherNode;
  /** Node flags of the CLI's shebang, kept on both paths. */
  readonly nodeFlags: readonly string[];
  readonly blobBytes: number;
  readonly packBytes: number;
  readonly nodeOptionsAllow: readonly AllowedOption[];
  /** NODE_PATH at build, under which modules were resolved. Default: none. */
  readonly nodePath?: string | undefined;
  /** What `cksum` says of the blob, `CRC BYTES`: its identity where the stamps were lost in a copy. */
  readonly blobChecksum?: string | undefined;
  /** A second snapshot, whose modules were evaluated as on a terminal. Default: none, and terminals get the first one, too. */
  readonly terminal?: TerminalWorld | undefined;
  /** Whether the snapshot's boot asks for huge pages. Default: false. */
  readonly hugePages?: boolean | undefined;
  /** Node flags for the boot of the snapshot alone. Left out where NODE_OPTIONS is set: they may contradict it. Default: none. */
  readonly bootFlags?: readonly string[] | undefined;
  /** Default: bash where /bin/bash exists, else sh. */
  readonly shell?: LauncherShell | undefined;
}

/** A second blob and pack, with a stamp, in a folder of their own. */
export interface TerminalWorld {
  readonly blobBytes: number;
  readonly packBytes: number;
  readonly blobChecksum: string;
  /** Standard streams (0 to 2) of which modules have asked whether they are terminals: at least one. */
  readonly descriptors: readonly number[];
}

/** File names within an artifact that the launcher reads. */
export const artifactFiles = {
  blob: 'app.blob',
  pack: 'app.pack',
  nodeStamp: 'node.stamp',
  blobStamp: 'blob.stamp',
} as const;

/** Below the artifact: a blob, a pack and a blob stamp. */
export const terminalFolder = 'app.terminal';
