// Hooks are put into a text by a list of edits: each inserts, none removes. Where several insert at one place their ranks
// say in which order, so that `f(a = 1)` with hooks around the assignment and around `1` has its brackets in pairs.
import type { ts } from 'ts-morph';

interface Edit {
  readonly at: number;
  readonly text: string;
  /** Among edits at one place: closing texts first, then outer before inner. */
  readonly rank: number;
}

/**
 * At one place the closing texts come first, then what stands between two expressions, then what enters a body, then opening
 * texts, whose rank is the negative end of what they open, so that the outer one comes first.
 */
export const CLOSING_RANK = -1e12;
export const BETWEEN_RANK = -5e11;
export const ENTRY_RANK = -1e11;
export const STATEMENT_RANK = -1e10;

export class Edits {
  readonly #file: ts.SourceFile;
  readonly #edits: Edit[] = [];

  constructor(file: ts.SourceFile) {
    this.#file = file;
  }

  insert(at: number, text: string, rank: number): void {
    this.#edits.push({ at, text, rank });
  }

  wrap(node: ts.Node, open: string, close: string): void {
    this.insert(node.getStart(this.#file), open, -node.end);
    this.insert(node.end, close, CLOSING_RANK - node.getStart(this.#file));
  }

  /** `inserted`: an offset in `code` and a length for each place, in order. */
  apply(): { readonly code: string; readonly inserted: readonly number[] } {
    const { text } = this.#file;
    const order = this.#edits.map((edit, index) => ({ edit, index }));
    order.sort((a, b) => a.edit.at - b.edit.at || a.edit.rank - b.edit.rank || a.index - b.index);
    const parts: string[] = [];
    const inserted: number[] = [];
    let from = 0;
    let added = 0;
    for (const { edit } of order) {
      parts.push(text.slice(from, edit.at), edit.text);
      inserted.push(edit.at + added, edit.text.length);
      added += edit.text.length;
      from = edit.at;
    }
    parts.push(text.slice(from));
    return { code: parts.join(''), inserted };
  }
}
