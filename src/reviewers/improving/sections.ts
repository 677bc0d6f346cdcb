import { compareFindings, type Finding } from '#domain/finding.ts';

/** What a model is shown of a text in one question. Lines are 1-based. */
export interface Section {
  readonly firstLine: number;
  /** Exclusive. */
  readonly endLine: number;
  /** Worst first. */
  readonly findings: readonly Finding[];
}

/** Text that one question carries, in UTF-16 units: about 60 KB, some 15,000 tokens of code and more of Japanese. */
export const questionLength = 60_000;
/** Longer texts are cut into pieces of this length, which leaves room for the lines around them. */
const pieceLength = 40_000;
/** Lines shown before and after a piece. */
const aroundLines = 20;
/** Pieces one improvement asks about, those with the worst findings; the next improvement takes the next. */
export const maxSections = 4;

/**
 * The parts of a text that a model is asked about: the whole of a text that fits into one question, else the pieces that hold
 * findings, worst first. A piece that is one endless line cannot be asked about and is left out.
 */
export function sectionsOf(text: string, findings: readonly Finding[]): Section[] {
  const lines = withoutEnd(text.split('\n'));
  if (text.length <= questionLength) return [{ firstLine: 1, endLine: lines.length + 1, findings: findings.toSorted(compareFindings) }];
  const pieces = piecesOf(lines).map((piece) => ({ ...piece, findings: findings.filter(({ place }) => isIn(piece, place.line, lines.length)).toSorted(compareFindings) }));
  return pieces
    .filter((piece) => piece.findings.length > 0 && lengthOf(lines, piece) <= pieceLength)
    .toSorted((a, b) => compareFindings(a.findings[0]!, b.findings[0]!))
    .slice(0, maxSections)
    .map((piece) => widen(piece, lines));
}

type Range = Pick<Section, 'firstLine' | 'endLine'>;

function withoutEnd(lines: string[]): string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function isIn({ firstLine, endLine }: Range, line: number, last: number): boolean {
  const within = Math.min(Math.max(1, line), last);
  return within >= firstLine && within < endLine;
}

// A piece ends at the last blank line of its second half where there is one, so that a function or paragraph stays together.
function piecesOf(lines: readonly string[]): Range[] {
  const pieces: Range[] = [];
  let [start, length, blank] = [0, 0, -1];
  for (let at = 0; at < lines.length; at += 1) {
    const own = lines[at]!.length + 1;
    while (length + own > pieceLength && at > start) {
      const end = blank > start ? blank : at;
      pieces.push({ firstLine: start + 1, endLine: end + 1 });
      start = end;
      length = lengthOf(lines, { firstLine: start + 1, endLine: at + 1 });
      blank = -1;
    }
    length += own;
    if (lines[at]!.trim() === '' && length > pieceLength / 2) blank = at + 1;
  }
  return [...pieces, { firstLine: start + 1, endLine: lines.length + 1 }];
}

function lengthOf(lines: readonly string[], { firstLine, endLine }: Range): number {
  let length = 0;
  for (let line = firstLine; line < endLine; line += 1) length += lines[line - 1]!.length + 1;
  return length;
}

function widen(piece: Section, lines: readonly string[]): Section {
  let { firstLine, endLine } = piece;
  let left = questionLength - lengthOf(lines, piece);
  for (let added = 0; added < aroundLines; added += 1) {
    const [before, after] = [lines[firstLine - 2], lines[endLine - 1]];
    if (before !== undefined && before.length < left) {
      firstLine -= 1;
      left -= before.length + 1;
    }
    if (after !== undefined && after.length < left) {
      endLine += 1;
      left -= after.length + 1;
    }
  }
  return { ...piece, firstLine, endLine };
}
