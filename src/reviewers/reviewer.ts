import type { ArtifactKind, Language } from '#domain/artifact.ts';
import type { CheckOutcome } from '#domain/check.ts';
import type { Finding, ScoredCategory } from '#domain/finding.ts';
import type { Criterion } from '#domain/request.ts';
import type { ReviewerResult, Usage } from '#domain/review.ts';

/** The task queue a reviewer or improver runs on, without the prefix: 'analysis', 'llm', 'llm-<provider>'. */
export type ReviewerQueue = 'analysis' | 'llm' | `llm-${string}`;

export interface ReviewInput {
  /** File name or relative path: tells the dialect (.tsx, .pyi). Untrusted. */
  readonly name: string;
  readonly language: Language;
  readonly kind: ArtifactKind;
  /** Without BOM, '\n' line ends unless the file mixes them. Untrusted. */
  readonly text: string;
  /** The best revision so far; what it exports and tests must not vanish. Absent for revision 0. */
  readonly previousText?: string;
  readonly requested: readonly ScoredCategory[];
  /** What a model is to judge by, besides the categories. */
  readonly criteria?: readonly Criterion[];
  /** What was to be written, where the artifact was drafted from a task. Untrusted. */
  readonly task?: string;
  /** Files of the project for a model to know, as data. Untrusted. */
  readonly context?: readonly ContextFile[];
  /** What the user's own checks said of this text. Their output is untrusted. */
  readonly evidence?: readonly CheckEvidence[];
  /** What a document is judged for: 'evaluate' asks whether it can be implemented (seed 003). 'review' where absent. */
  readonly purpose?: 'review' | 'evaluate';
}

export interface CheckEvidence {
  readonly name: string;
  readonly outcome: CheckOutcome;
  /** The end of what it printed when it failed; empty where it passed. */
  readonly output: string;
}

export interface ContextFile {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

/** What the activity lends a reviewer while it works. */
export interface WorkContext {
  /** Aborts on cancellation and when the attempt's time is up. */
  readonly signal: AbortSignal;
  /** Working time this attempt may take. */
  readonly timeoutMs: number;
  /** Performs what is no working time, such as loading an engine; all of it counts where this is absent. */
  readonly aside?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells what a model has just cost, as soon as it is known. */
  readonly spend?: (usage: Usage) => void;
}

export interface Reviewer {
  readonly id: string;
  readonly version: string;
  readonly queue: ReviewerQueue;
  /** Whether a model is asked: decides profile, time limits and cost. */
  readonly asksModel: boolean;
  /** Whether anybody knows what an answer costs; absent where nothing is paid. */
  readonly isPriced?: boolean;
  review(input: ReviewInput, context: WorkContext): Promise<ReviewerResult>;
}

export interface ImproveInput extends ReviewInput {
  /** Open findings of `text`, worst first. */
  readonly findings: readonly Finding[];
  /** Candidates that were refused before, oldest first: do not produce them again. */
  readonly refused: readonly { readonly sha256: string; readonly because: string }[];
}

export interface ImproveResult {
  /** The next revision's text; null where the improver can act on nothing. */
  readonly text: string | null;
  /** One short line per kind of change, for people: 'ruff/F401: unused import removed (3×)'. */
  readonly changes: readonly string[];
  readonly usage?: Usage;
}

export interface Improver {
  readonly id: string;
  readonly version: string;
  readonly queue: ReviewerQueue;
  readonly asksModel: boolean;
  readonly isPriced?: boolean;
  improve(input: ImproveInput, context: WorkContext): Promise<ImproveResult>;
}
