/** A line of a text, without its line break: [start, end). */
export interface Line {
  readonly start: number;
  readonly end: number;
}

/** Longest line that is read whole; of a longer one the sentence around `at`. */
const maxLine = 1200;
const reach = 500;

export function lineAt(text: string, at: number): Line {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return { start: at === 0 ? 0 : start, end: end === -1 ? text.length : end };
}

/** The line around a place; of a very long line the sentence, or undefined where no sentence begins or ends nearby. */
export function readableLine(text: string, at: number, floor: number): Line | undefined {
  const start = nearStart(text, at, floor);
  const end = nearEnd(text, at);
  return start === undefined || end === undefined ? undefined : { start, end };
}

function nearStart(text: string, at: number, floor: number): number | undefined {
  const from = Math.max(floor, at - maxLine);
  const near = text.slice(from, at);
  const line = near.lastIndexOf('\n');
  if (line !== -1) return from + line + 1;
  if (from === floor) return floor;
  const ends = [...near.slice(-reach).matchAll(/[。！？]|[.!?](?=\s)/g)].at(-1);
  return ends === undefined ? undefined : at - Math.min(reach, near.length) + ends.index + 1;
}

function nearEnd(text: string, at: number): number | undefined {
  const near = text.slice(at, at + maxLine);
  const line = near.indexOf('\n');
  if (line !== -1) return at + line;
  if (at + near.length === text.length) return text.length;
  const end = /[。！？]|[.!?](?=\s)/.exec(near);
  return end === null ? undefined : at + end.index + 1;
}

/** The next line that is neither blank nor the rule under a heading, at most three further on. */
export function nextFilledLine(text: string, from: number): Line | undefined {
  let at = from + 1;
  for (let skipped = 0; skipped < 3 && at < text.length; skipped += 1) {
    const end = text.indexOf('\n', at);
    const line = { start: at, end: end === -1 ? text.length : end };
    if (line.end - line.start > maxLine) return undefined;
    if (!/^[\s=-]*$/.test(text.slice(line.start, line.end))) return line;
    at = line.end + 1;
  }
  return undefined;
}

/** The first and the last line that are not blank. */
export function edgeLines(text: string): { readonly first: Line; readonly last: Line } {
  const first = text.length - text.trimStart().length;
  const last = text.trimEnd().length;
  return { first: lineAt(text, Math.min(first, text.length)), last: lineAt(text, Math.max(last - 1, 0)) };
}

/** Where the sentence around `at` ends, however far that is. */
export function endOfSentence(text: string, at: number): number {
  boundary.lastIndex = at;
  const found = boundary.exec(text);
  return found === null ? text.length : found.index + 1;
}

const boundary = /\n|[。！？]|[.!?](?=\s)/g;
/** A longer table is data: none of its rows is read. */
const maxRows = 200;

/** The table around a row: the lines with a bar at their beginning, none before `floor`. */
export function tableAround(text: string, row: Line, floor: number): { readonly rows: readonly string[]; readonly end: number } {
  let { start, end } = row;
  let rows = 1;
  for (; rows <= maxRows && start > floor; rows += 1) {
    const above = lineAt(text, start - 1);
    if (above.start < floor || !isTableRow(text, above)) break;
    start = above.start;
  }
  for (; end < text.length; rows += 1) {
    const below = lineAt(text, end + 1);
    if (below.start > text.length || !isTableRow(text, below)) break;
    end = below.end;
  }
  return { rows: rows > maxRows ? [] : text.slice(start, end).split('\n'), end };
}

export function isTableRow(text: string, line: Line): boolean {
  return /^[ \t]{0,8}\|/.test(text.slice(line.start, Math.min(line.end, line.start + 12)));
}
