/** One line of a unified diff with its place in both revisions (1-based; absent on the side that has no such line). */
export interface DiffRow {
  readonly kind: 'hunk' | 'context' | 'removed' | 'added' | 'note';
  readonly before?: number;
  readonly after?: number;
  /** Without the sign; untrusted. */
  readonly text: string;
}

/** The rows of a unified diff, headers left out, at most `limit` of them; `left` says how many more there are. */
export function diffRows(diff: string, limit: number): { readonly rows: readonly DiffRow[]; readonly left: number } {
  const rows: DiffRow[] = [];
  const lines = hunkLines(diff);
  let [before, after] = [0, 0];
  for (const line of lines.slice(0, limit)) {
    const row = rowOf(line, before, after);
    rows.push(row);
    if (row.kind === 'hunk') [before, after] = hunkStart(line);
    if (row.kind === 'context' || row.kind === 'removed') before += 1;
    if (row.kind === 'context' || row.kind === 'added') after += 1;
  }
  return { rows, left: Math.max(0, lines.length - limit) };
}

/** How many lines a unified diff adds and removes. */
export function diffSize(diff: string): { readonly added: number; readonly removed: number } {
  const lines = hunkLines(diff);
  return { added: lines.filter((line) => line.startsWith('+')).length, removed: lines.filter((line) => line.startsWith('-')).length };
}

// The file headers end where the first hunk begins; a removed line may itself begin with '--'.
function hunkLines(diff: string): string[] {
  const lines = diff.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const first = lines.findIndex((line) => line.startsWith('@@ '));
  return first < 0 ? [] : lines.slice(first);
}

function rowOf(line: string, before: number, after: number): DiffRow {
  const text = line.slice(1);
  if (line.startsWith('@@ ')) return { kind: 'hunk', text: line };
  if (line.startsWith('-')) return { kind: 'removed', before, text };
  if (line.startsWith('+')) return { kind: 'added', after, text };
  if (line.startsWith('\\')) return { kind: 'note', text: text.trim() };
  return { kind: 'context', before, after, text };
}

function hunkStart(header: string): [number, number] {
  const [, before = '1', after = '1'] = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(header) ?? [];
  return [Number(before), Number(after)];
}
