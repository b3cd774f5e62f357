// Why an entry cannot be built. Each names the file and what to give instead.
import { SnapError } from '../errors/snap-error.js';

export type EntryErrorCode =
  | 'ENTRY_MISSING'
  | 'ENTRY_ARCHIVED'
  | 'ENTRY_IS_FOLDER'
  | 'ENTRY_UNREADABLE'
  | 'ENTRY_FILE_UNREADABLE'
  | 'ENTRY_NOT_NODE'
  | 'ENTRY_NOT_JAVASCRIPT'
  | 'ENTRY_SYNTAX'
  | 'ENTRY_PACKAGE_CONFIG';

export function entryMissing(given: string, searched: string | null): SnapError<EntryErrorCode> {
  const message =
    searched === null
      ? `there is no file ${given}`
      : `there is neither a file ${given} nor a command of that name in ${searched}`;
  const hint = 'give a JavaScript file, or the name of a command of an installed package (install the package first)';
  return new SnapError({ code: 'ENTRY_MISSING', message, hint, path: given });
}

export function commandIsArchived(name: string, folder: string): SnapError<EntryErrorCode> {
  const message = `${folder} keeps its packages in archives (Yarn Plug'n'Play), where ${name} cannot be built from`;
  const hint =
    'put "nodeLinker: node-modules" into .yarnrc.yml and run "yarn install", or give a JavaScript file on disk';
  return new SnapError({ code: 'ENTRY_ARCHIVED', message, hint, path: folder });
}

export function entryIsFolder(path: string): SnapError<EntryErrorCode> {
  const hint = `give the file to start, such as ${path}/index.js or what "bin" names in its package.json`;
  return new SnapError({ code: 'ENTRY_IS_FOLDER', message: `${path} is a folder`, hint, path });
}

export function entryUnreadable(path: string, cause: unknown): SnapError<EntryErrorCode> {
  const hint = 'check its permissions: ls -l';
  return new SnapError({ code: 'ENTRY_UNREADABLE', message: `${path} cannot be read`, hint, path }, cause);
}

/** A file that the program loads, or a package.json that says how it is loaded. */
export function fileUnreadable(path: string, cause: NodeJS.ErrnoException): SnapError<EntryErrorCode> {
  const message = `${path} cannot be read (${cause.code})`;
  const hint = 'check its permissions: ls -l';
  return new SnapError({ code: 'ENTRY_FILE_UNREADABLE', message, hint, path }, cause);
}

export function entryNotNode(path: string, interpreter: string): SnapError<EntryErrorCode> {
  const message = `${path} is a script for ${interpreter}, not for node`;
  return new SnapError({ code: 'ENTRY_NOT_NODE', message, hint: 'give the JavaScript file that it starts', path });
}

export function entryNotJavaScript(path: string): SnapError<EntryErrorCode> {
  const message = `${path} is not JavaScript`;
  return new SnapError({ code: 'ENTRY_NOT_JAVASCRIPT', message, hint: 'compile it first and give the .js file', path });
}

export function entrySyntax(path: string, detail: string): SnapError<EntryErrorCode> {
  const message = `${path} has a syntax error:\n${detail}`;
  return new SnapError({ code: 'ENTRY_SYNTAX', message, hint: 'correct it; node itself would not run it', path });
}

export function entryPackageConfig(path: string, cause: unknown): SnapError<EntryErrorCode> {
  const message = `${path} is not a package.json that node can read: ${cause instanceof Error ? cause.message : 'no object'}`;
  return new SnapError(
    { code: 'ENTRY_PACKAGE_CONFIG', message, hint: 'correct it; node itself would not run', path },
    cause,
  );
}
