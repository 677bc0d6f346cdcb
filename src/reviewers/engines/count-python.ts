import { newUnit, type Counted, type Unit } from './code-metrics.ts';
import { nonBlankLines } from './large-text.ts';
import type { PythonToken } from './python-tokens.ts';
import { utf16Offsets } from './text-positions.ts';

const decisions = new Set(['If', 'Elif', 'For', 'While', 'Except', 'Case', 'And', 'Or']);
/** Layout, no token in Halstead's sense. */
const layout = new Set(['Newline', 'NonLogicalNewline', 'Indent', 'Dedent', 'Comment', 'EndOfFile']);
const operands = new Set(['Identifier', 'Name', 'Int', 'Float', 'Complex', 'String', 'FStringMiddle', 'TStringMiddle']);

interface Open {
  readonly unit: Unit;
  /** Indentation inside the body; the function ends when it is left. */
  bodyDepth: number | null;
}

interface State {
  readonly units: [Unit, ...Unit[]];
  readonly open: Open[];
  depth: number;
}

/** Counts tokens, decisions and lines of Python, each token for the innermost function around it; a lambda belongs to its function. */
export function countPython(tokens: readonly PythonToken[], text: string): Counted {
  const bytes = Buffer.from(text);
  const toUnits = utf16Offsets(text);
  const lineOf = lineCounter(bytes);
  const written = text.split('\n').map((line) => line.trim() !== '');
  const linesOf = ({ start, end }: PythonToken): number[] => range(lineOf(start), lineOf(end)).filter((line) => written[line]);
  const lines = new Set<number>();
  const state: State = { units: [newUnit(null, 0, 0)], open: [], depth: 0 };
  for (const [index, token] of tokens.entries()) {
    const name = tokens[index + 1];
    if (token.kind === 'Def' && name !== undefined) {
      const unit = newUnit(bytes.toString('utf8', name.start, name.end), toUnits(token.start), toUnits(name.end));
      state.units.push(unit);
      state.open.push({ unit, bodyDepth: null });
    }
    if (layout.has(token.kind)) follow(state, tokens, index);
    else count(state.open.at(-1)?.unit ?? state.units[0], { token, bytes, lines, on: linesOf(token) });
  }
  return { units: state.units, lines: lines.size, commentLines: nonBlankLines(text) - lines.size };
}

function follow(state: State, tokens: readonly PythonToken[], index: number): void {
  const { kind } = tokens[index]!;
  const innermost = state.open.at(-1);
  if (kind === 'Indent') {
    state.depth += 1;
    if (innermost !== undefined) innermost.bodyDepth ??= state.depth;
  }
  if (kind === 'Dedent') state.depth -= 1;
  if (innermost !== undefined && hasEnded(innermost, state.depth, () => kind === 'Newline' && !opensBlock(tokens, index + 1))) state.open.pop();
}

// Its block has been left, or its body stood on the line of its def.
function hasEnded({ bodyDepth }: Open, depth: number, isEndOfOneLine: () => boolean): boolean {
  return bodyDepth === null ? isEndOfOneLine() : bodyDepth > depth;
}

function opensBlock(tokens: readonly PythonToken[], from: number): boolean {
  let at = from;
  while (tokens[at]?.kind === 'Comment' || tokens[at]?.kind === 'NonLogicalNewline') at += 1;
  return tokens[at]?.kind === 'Indent';
}

interface Counting {
  readonly token: PythonToken;
  readonly bytes: Buffer;
  readonly lines: Set<number>;
  readonly on: readonly number[];
}

function count(unit: Unit, { token, bytes, lines, on }: Counting): void {
  if (decisions.has(token.kind)) unit.decisions += 1;
  unit.tokens += 1;
  unit.vocabulary.add(operands.has(token.kind) ? bytes.toString('utf8', token.start, token.end) : token.kind);
  for (const line of on) {
    unit.lines.add(line);
    lines.add(line);
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

// The number of the line of a byte offset; ask with rising offsets.
function lineCounter(bytes: Buffer): (offset: number) => number {
  let line = 0;
  let next = bytes.indexOf(10);
  return (offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      next = bytes.indexOf(10, next + 1);
    }
    return line;
  };
}
