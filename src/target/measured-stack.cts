// Stack frames as data, for measure-script.cts.
export interface MeasuredFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function describe(site: NodeJS.CallSite): MeasuredFrame {
  return {
    // As it is printed (`Object..js`): V8 prints a name that begins with the receiver's type as it is.
    name: String(site).split(' (')[0] ?? '',
    file: site.getFileName() ?? '',
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  };
}

/** The caller's frames, innermost first. */
export function stack(of: Error = new Error('measured')): MeasuredFrame[] {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) => sites.map(describe);
  try {
    return of.stack as unknown as MeasuredFrame[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
