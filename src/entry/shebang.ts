// `#!` lines as the kernel and env(1) read them.

export interface Shebang {
  readonly interpreter: string;
  readonly isNode: boolean;
  /** Node's flags in it; only `env -S`, or node's own path, can carry any. */
  readonly flags: readonly string[];
}

/** null where the text has none. */
export function readShebang(source: string): Shebang | null {
  const line = /^#!([^\n\r]*)/.exec(source)?.[1]?.trim();
  if (line === undefined) return null;
  let words = line.split(/\s+/);
  if (/(?:^|\/)env$/.test(words[0] ?? '')) {
    words = words.slice(1);
    const [, glued] = /^(?:-S|--split-string(?:=|$))(.*)$/.exec(words[0] ?? '') ?? [];
    if (glued !== undefined) words = glued === '' ? words.slice(1) : [glued, ...words.slice(1)];
    while (words[0] !== undefined && /^\w+=/.test(words[0])) words = words.slice(1);
  }
  const interpreter = words[0] ?? '';
  const isNode = /(?:^|\/)node(?:js)?(?:\.exe)?$/.test(interpreter);
  return { interpreter, isNode, flags: isNode ? words.slice(1) : [] };
}
