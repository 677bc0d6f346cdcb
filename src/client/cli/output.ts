import type { LaunchFacts } from '#config.ts';
import { safeJson } from '#reports/json.ts';

/** A stream as far as the command line needs it; tests hand in one that remembers. */
export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the user's surroundings say about how to write. */
export type Surroundings = Pick<LaunchFacts, 'noColor' | 'forceColor' | 'isCi' | 'columns' | 'term'>;

/** One side of the output: what may be written to it. */
export interface Side {
  readonly color: boolean;
  /** Columns; absent where nothing has to be cut. */
  readonly width?: number;
  readonly unicode: boolean;
}

/** Standard output carries the result only; all else goes to standard error. */
export interface Output {
  readonly result: Side;
  readonly progress: Side & { /** A terminal that a line can be redrawn on. */ readonly live: boolean };
  /** The result, as it stands: ends with a line feed of its own. */
  print(text: string): void;
  /** The result as one JSON object; nothing in it that a terminal would obey. */
  json(value: unknown): void;
  /** One line of progress; nothing under --quiet. */
  say(line: string): void;
  /** One line that is said also under --quiet: errors and what the user must know. */
  warn(line: string): void;
  /** Redraws the one live line; '' takes it away. Only where `progress.live`. */
  redraw(line: string): void;
}

export interface OutputOptions {
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly surroundings: Surroundings;
  readonly quiet: boolean;
  /** --no-color */
  readonly plain: boolean;
}

const clearLine = '\r\u001b[2K';

export function createOutput({ stdout, stderr, surroundings, quiet, plain }: OutputOptions): Output {
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write(clearLine);
    drawn = false;
  };
  const line = (text: string): void => {
    clear();
    stderr.write(`${text}\n`);
  };
  const print = (text: string): void => {
    clear();
    stdout.write(text);
  };
  const live = stderr.isTTY === true && !surroundings.isCi && !quiet;
  return {
    result: sideOf(stdout, surroundings, plain),
    progress: { ...sideOf(stderr, surroundings, plain), live },
    print,
    json: (value) => print(`${safeJson(value, 2)}\n`),
    say: (text) => (quiet ? undefined : line(text)),
    warn: line,
    redraw: (text) => {
      if (!live) return;
      if (text === '') return clear();
      stderr.write(`${clearLine}${text}`);
      drawn = true;
    },
  };
}

function sideOf(writer: Writer, surroundings: Surroundings, plain: boolean): Side {
  const isTerminal = writer.isTTY === true;
  const color = !plain && !surroundings.noColor && (surroundings.forceColor || isTerminal);
  const width = surroundings.columns ?? (isTerminal ? writer.columns : undefined);
  return { color, unicode: surroundings.term !== 'linux', ...(width === undefined || !isTerminal ? {} : { width }) };
}
