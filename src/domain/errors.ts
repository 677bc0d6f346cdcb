/** Who must act decides the kind. Kinds are stored in workflow history: never rename one. */
export const errorKinds = [
  'InvalidInput',
  'Misconfigured',
  'Unavailable',
  'TimedOut',
  'UnreadableOutput',
  'Conflict',
  'Refused',
  'Bug',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface ErrorPolicy {
  /** Whether Temporal tries the activity again (3 attempts, waits of 2 s and 4 s: seed 004). */
  readonly retried: boolean;
  /** What becomes of a run once the attempts are used up. */
  readonly run: 'fails' | 'parks' | 'completes';
  /** Exit code of the command line when the run or the command ends by it. */
  readonly exitCode: 1 | 2;
  readonly whoActs: string;
}

/** The one table: retried or not, what becomes of the run, exit code. */
export const errorPolicies: Readonly<Record<ErrorKind, ErrorPolicy>> = {
  InvalidInput: { retried: false, run: 'fails', exitCode: 2, whoActs: 'the caller' },
  Misconfigured: { retried: false, run: 'fails', exitCode: 2, whoActs: 'the operator' },
  Unavailable: { retried: true, run: 'parks', exitCode: 2, whoActs: 'nobody: wait' },
  TimedOut: { retried: true, run: 'parks', exitCode: 2, whoActs: 'nobody: wait, or raise the limit' },
  UnreadableOutput: { retried: true, run: 'parks', exitCode: 2, whoActs: 'the model or its prompt' },
  Conflict: { retried: false, run: 'completes', exitCode: 1, whoActs: 'the person who changed the file or the branch' },
  Refused: { retried: false, run: 'parks', exitCode: 1, whoActs: 'the model' },
  Bug: { retried: true, run: 'parks', exitCode: 2, whoActs: 'the developers of Koubou' },
};

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** The least time to wait before the next attempt, as the other side asked for it. */
  readonly retryAfterMs?: number;
  /** It was tried again already: another attempt would cost as much and give the same. */
  readonly isFinal?: boolean;
}

/**
 * The only error this program raises on purpose.
 *
 * code     SCREAMING_SNAKE, for programs: PATH_TRAVERSAL, GIT_BAD_REF, INPUT_BINARY …
 * message  what was wrong and what to do, one or two sentences; never a secret, a stack, or text of the artifact
 */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly isFinal: boolean;

  constructor(kind: ErrorKind, code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.isFinal = options.isFinal ?? false;
  }
}

/** What of an error may be stored, shown and sent: no stack, no cause. */
export interface ErrorSummary {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  /** The step of the run that failed: open, review, improve, save, commit, report. */
  readonly step?: string;
}

export function isErrorKind(value: unknown): value is ErrorKind {
  return errorKinds.some((kind) => kind === value);
}

/** Any thrown value as a summary; what we did not raise ourselves is a Bug. */
export function summarizeError(error: unknown): ErrorSummary {
  if (error instanceof AppError) return { kind: error.kind, code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'Bug', code: 'UNEXPECTED', message };
}
