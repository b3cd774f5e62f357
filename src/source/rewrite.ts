// Takes statements out of a module's evaluation: each becomes a function that is handed over instead of being run, and the
// names that it declares become variables which that function sets. No kept token changes its line; nor its column, but
// where a statement was chosen that shares its lines with others.
import { ts } from 'ts-morph';
import { DEFER, type RewrittenText } from '../../snapshot-entry/shared/bake-plan.cjs';
import { type Candidate, candidatesOf, parseModule } from './candidates.js';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * `deferred`: indexes of candidates of this source. Each is handed to `DEFER(index, function)` in its place: a function in
 * brackets, which V8 compiles at once, while baking.
 */
export function rewrite(text: string, deferred: ReadonlySet<number>): RewrittenText {
  const file = parseModule(text);
  // All that there can be: who chose them knows whether columns count.
  const chosen = candidatesOf(file, { relaxedColumns: true }).filter(({ index }) => deferred.has(index));
  if (chosen.length !== deferred.size) throw new Error('asked to defer a statement that is no candidate');
  const edits = chosen.flatMap((candidate) => editsFor(file, candidate));
  const first = chosen.find(({ before }) => before === 0);
  const onFirstLine = first !== undefined && first.line === 1;
  return { text: apply(file.text, edits), columnOffset: onFirstLine ? -opening(first).length : 0 };
}

function opening({ index, names, statement, before }: Candidate): string {
  const declared = names.length === 0 ? '' : `${keywordFor(statement)} ${names.join(',')};`;
  return `${before === 0 ? '' : ';'}${declared}${DEFER}(${index},(function(){(`;
}

/** What its names are declared with: assigned once, but later. */
function keywordFor(statement: Candidate['statement']): string {
  const isScoped =
    ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
  return isScoped ? 'let' : 'var';
}

function editsFor(file: ts.SourceFile, candidate: Candidate): Edit[] {
  const { statement, before } = candidate;
  const start = { from: before, to: before, text: opening(candidate) };
  if (ts.isExpressionStatement(statement)) return [start, closing(statement.expression.end)];
  const list = statement.declarationList;
  const from = list.getStart(file);
  const to = (list.declarations[0] as ts.VariableDeclaration).getStart(file);
  const keyword = (/^\w+/.exec(file.text.slice(from, to)) as RegExpExecArray)[0].length;
  return [start, { from, to: from + keyword, text: ' '.repeat(keyword) }, closing(list.end)];
}

function closing(at: number): Edit {
  return { from: at, to: at, text: ')}));' };
}

function apply(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: put } of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
    parts.push(text.slice(at, from), put);
    at = to;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
