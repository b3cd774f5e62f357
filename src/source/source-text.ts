// A text, parsed once. Every analysis of this room takes it, and parses nothing itself. The scopes and the names of the text
// are read in one more walk, when they are first asked for.
import { ts } from 'ts-morph';
import { NameIndex } from './name-index.js';
import { GIVEN } from './names.js';
import { type Scope, ScopeTree } from './scopes.js';

/** As Node compiles it, but for the first line of a script, which becomes a comment of the same length. */
export function moduleText(source: string): string {
  const mark = source.startsWith('\uFEFF') ? 1 : 0;
  return source.startsWith('#!', mark) ? `${source.slice(0, mark)}//${source.slice(mark + 2)}` : source;
}

export interface SourceTextOptions {
  /** Whether it is no module, but a text that one has evaluated: nobody gives it `require` or `exports`. Default: false. */
  readonly isEvaluated?: boolean;
}

interface Known {
  readonly scopes: ScopeTree;
  readonly names: NameIndex;
}

export class SourceText {
  readonly file: ts.SourceFile;
  readonly isEvaluated: boolean;
  #known: Known | undefined;

  /**
   * `source`: CommonJS text.
   * @throws RangeError where it is nested too deeply; so do the walks
   */
  constructor(source: string, { isEvaluated = false }: SourceTextOptions = {}) {
    this.isEvaluated = isEvaluated;
    // What documenting comments say is nothing to a program: in them are no nodes.
    const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
    this.file = ts.createSourceFile('module.cjs', moduleText(source), options, true, ts.ScriptKind.JS);
  }

  /** What was parsed: offsets are those of the source. */
  get text(): string {
    return this.file.text;
  }

  /** Whether the parser takes it for what it is; if not, V8 may still know better. */
  get isWellFormed(): boolean {
    const { parseDiagnostics } = this.file as unknown as { readonly parseDiagnostics: readonly unknown[] };
    return parseDiagnostics.length === 0;
  }

  get scopes(): ScopeTree {
    return this.#read().scopes;
  }

  get names(): NameIndex {
    return this.#read().names;
  }

  /** Where the first token of a node begins. */
  startOf(node: ts.Node): number {
    return node.getStart(this.file);
  }

  /** 1-based. */
  lineAt(offset: number): number {
    return this.file.getLineAndCharacterOfPosition(offset).line + 1;
  }

  /** 1-based, of its first token. */
  lineOf(node: ts.Node): number {
    return this.lineAt(this.startOf(node));
  }

  /** Meets every node but the file, outer before inner, with the scope that it opens or stands in. */
  walk(visit: (node: ts.Node, scope: Scope) => void): void {
    const { scopes } = this;
    const meet = (node: ts.Node, around: Scope): void => {
      const scope = scopes.of(node, around);
      visit(node, scope);
      ts.forEachChild(node, (child) => meet(child, scope));
    };
    ts.forEachChild(this.file, (child) => meet(child, scopes.root));
  }

  #read(): Known {
    this.#known ??= readNames(this);
    return this.#known;
  }
}

/** One walk for both: a name's declarations are those that the scopes hold. */
function readNames({ file, isEvaluated }: SourceText): Known {
  const scopes = new ScopeTree(file);
  const names = new NameIndex(scopes);
  const meet = (node: ts.Node, around: Scope): void => {
    const inner = scopes.declare(node, around);
    names.note(node, around);
    ts.forEachChild(node, (child) => meet(child, inner));
  };
  ts.forEachChild(file, (child) => meet(child, scopes.root));
  if (!isEvaluated) for (const name of GIVEN) scopes.root.names.add(name);
  return { scopes, names };
}
