/** One line of a document outside of fenced code, and the line after it. */
export interface ProseLine {
  readonly line: string;
  readonly next: string;
}

/** The lines of Markdown that are not code in fences, the fences' own lines left out. */
export function* proseLines(text: string): Generator<ProseLine> {
  const lines = text.split('\n');
  let fence: string | null = null;
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark === undefined) {
      if (fence === null) yield { line, next: lines[index + 1] ?? '' };
    } else if (fence === null) {
      fence = mark;
    } else if (mark.startsWith(fence)) {
      fence = null;
    }
  }
}
