// What the preload writes and run.ts reads: one vocabulary for both sides. Types only.

export interface RecordedModule {
  file: string;
  /** The key of `Module._extensions` that loaded it. */
  handler: string;
  selfMs: number;
  totalMs: number;
  parent: string | null;
  /** The module that was being evaluated when its first load began; null when the program was already running. */
  during: string | null;
  writesBefore: number;
  loads: { request: string; target: string }[];
}

export interface RecordedResolution {
  from: string;
  request: string;
  target: string | null;
  code?: string | undefined;
  /** Of a failed one: the modules that were being evaluated when it failed. Absent: none was. */
  during?: string[] | undefined;
  /** Node warned of it: it stands in a deprecated way in the package that it leads to. */
  warns?: true | undefined;
}

export interface RecordedWrite {
  /** null: the program was already running, and no module was being evaluated. */
  by: string | null;
  what: string;
}

/** Functions of one script that were called. */
export interface RecordedCalls {
  /** `file:` */
  url: string;
  /** Where each begins and ends in the text of the script, one after the other. */
  ranges: number[];
}

export interface Recording {
  version: 1;
  modules: RecordedModule[];
  resolutions: RecordedResolution[];
  writes: RecordedWrite[];
  calls: RecordedCalls[];
}
