/** Something in a text that a check counts. */
export interface Mark {
  /** What is counted together, and how people call it: 'it.only', 'pytest', 'no-console'. */
  readonly key: string;
  /** 1-based. */
  readonly line: number;
}

/** A text cut into lines once, for all checks. */
export interface Lines {
  readonly text: string;
  readonly all: readonly string[];
}

export function linesOf(text: string): Lines {
  return { text, all: text.split('\n') };
}

/** Longest line that is looked at as a whole; what lies behind is generated or minified. */
const longest = 2_000;

/** The marks of every line that a pattern with the flag g finds; `keyOf` names them, null passes over. */
export function marksOf({ all }: Pick<Lines, 'all'>, pattern: RegExp, keyOf: (match: RegExpExecArray) => string | null): Mark[] {
  const marks: Mark[] = [];
  for (const [index, whole] of all.entries()) {
    if (whole === '' || whole.search(pattern) === -1) continue;
    for (const match of whole.slice(0, longest).matchAll(pattern)) {
      const key = keyOf(match);
      if (key !== null) marks.push({ key, line: index + 1 });
    }
  }
  return marks;
}

export interface Compared {
  readonly from: Lines;
  readonly fromMarks: readonly Mark[];
  readonly to: Lines;
  readonly toMarks: readonly Mark[];
}

/**
 * The first mark of `to` whose kind occurs more often there than in `from`, or null. Of several of its kind the one on a line that `from` does not have.
 * Turned around it finds what has been lost.
 */
export function firstSurplus({ from, fromMarks, to, toMarks }: Compared): Mark | null {
  const known = countKeys(fromMarks);
  const surplus = new Set([...countKeys(toMarks)].filter(([key, count]) => count > (known.get(key) ?? 0)).map(([key]) => key));
  if (surplus.size === 0) return null;
  const old = new Set(from.all.map((line) => line.trim()));
  const candidates = toMarks.filter(({ key }) => surplus.has(key));
  return candidates.find(({ line }) => !old.has(to.all[line - 1]!.trim())) ?? candidates.at(-1) ?? null;
}

function countKeys(marks: readonly Mark[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of marks) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/**
 * The lines with the commented ones emptied, so that what is commented out counts as gone. Whole lines only: those that begin with
 * a comment sign, and blocks that begin at the beginning of a line.
 */
export function uncommented({ text, all }: Lines, language: 'hash' | 'slashes'): Lines {
  const open = language === 'hash' ? /^\s*("""|''')/ : /^\s*(\/\*)/;
  const single = language === 'hash' ? /^\s*#/ : /^\s*\/\//;
  let end: string | null = null;
  const kept = all.map((line) => {
    if (end !== null) {
      if (line.includes(end)) end = null;
      return '';
    }
    const [start, sign] = open.exec(line) ?? [];
    if (start === undefined || sign === undefined) return single.test(line) ? '' : line;
    const close = sign === '/*' ? '*/' : sign;
    const at = line.indexOf(close, start.length);
    if (at === -1) end = close;
    return at === -1 ? '' : line.slice(at + close.length);
  });
  return { text, all: kept };
}
