/** One token of Python; offsets in UTF-8 bytes, end exclusive. */
export interface PythonToken {
  /** Ruff's name of the kind: Def, If, Identifier, Newline, Indent … */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the listing that ruff's `tokens` writes, one token a line: '    If 57..59,'. */
export function readTokens(listing: string): PythonToken[] {
  const tokens: PythonToken[] = [];
  for (const [, kind, start, end] of listing.matchAll(/^ {4}([A-Za-z]+) (\d+)\.\.(\d+)/gm)) tokens.push({ kind: kind!, start: Number(start), end: Number(end) });
  return tokens;
}

/** A function or class and how deep it stands: 0 at the top level. */
export interface PythonDefinition {
  readonly kind: 'def' | 'class';
  readonly name: string;
  readonly depth: number;
}

/** Every `def` and `class`, in the order of the text. */
export function definitionsOf(tokens: readonly PythonToken[], bytes: Buffer): PythonDefinition[] {
  const found: PythonDefinition[] = [];
  let depth = 0;
  for (const [index, { kind }] of tokens.entries()) {
    if (kind === 'Indent') depth += 1;
    if (kind === 'Dedent') depth -= 1;
    const name = tokens[index + 1];
    if ((kind !== 'Def' && kind !== 'Class') || name === undefined) continue;
    found.push({ kind: kind === 'Def' ? 'def' : 'class', name: bytes.toString('utf8', name.start, name.end), depth });
  }
  return found;
}
