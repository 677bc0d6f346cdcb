import type { Artifact, ArtifactKind, Language, Revision } from '#domain/artifact.ts';
import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import type { ErrorSummary } from '#domain/errors.ts';
import type { Finding } from '#domain/finding.ts';
import type { Evaluation, IterationReport, Outcome, RunState } from '#domain/report.ts';
import type { ReviewRequest } from '#domain/request.ts';
import type { Review } from '#domain/review.ts';

/** What is known of a run when its artifact has been opened. Times are ISO 8601 UTC. */
export interface RunStart {
  readonly runId: string;
  readonly workflowId: string;
  readonly tenant: string;
  readonly artifactName: string;
  readonly artifactPath?: string;
  readonly root?: string;
  readonly kind: ArtifactKind;
  readonly language: Language;
  readonly targetScore: number;
  readonly request: ReviewRequest;
  readonly artifact: Artifact;
  readonly startedAt: string;
}

/** A run whose artifact could not be opened. */
export interface RunRefusal {
  readonly runId: string;
  readonly workflowId: string;
  /** Absent where the request named none, or none that can be one: the usual one. */
  readonly tenant?: string;
  readonly artifactName: string;
  readonly startedAt: string;
  readonly error: ErrorSummary;
}

/** The end of a run that never had an artifact. */
export interface UnopenedRun extends Omit<RunRefusal, 'error'> {
  readonly state: RunState;
  readonly outcome?: Outcome;
  readonly error?: ErrorSummary;
  readonly costUsd: number;
  readonly closedAt: string;
}

/** What changes while a run goes on; absent fields stay as they are, a null score is stored as none. */
export interface RunPatch {
  readonly state?: RunState;
  readonly outcome?: Outcome;
  readonly iteration?: number;
  readonly score?: number | null;
  readonly initialScore?: number | null;
  readonly bestSha256?: string;
  readonly costUsd?: number;
  readonly error?: ErrorSummary;
  readonly closedAt?: string;
}

/** One line of a list of runs. Fields that a refused or unfinished run has not are absent. */
export interface RunEntry {
  readonly runId: string;
  readonly workflowId: string;
  readonly tenant: string;
  readonly state: RunState;
  readonly outcome?: Outcome;
  readonly artifactName: string;
  readonly artifactPath?: string;
  readonly root?: string;
  readonly kind?: ArtifactKind;
  readonly language?: Language;
  readonly targetScore?: number;
  readonly iteration: number;
  readonly score?: number;
  readonly initialScore?: number;
  readonly bestSha256?: string;
  readonly costUsd: number;
  readonly error?: ErrorSummary;
  readonly startedAt: string;
  readonly closedAt?: string;
}

export interface RunRecord extends RunEntry {
  readonly request?: ReviewRequest;
  readonly artifact?: Artifact;
}

export interface RunQuery {
  /** 1–1000. */
  readonly limit: number;
  readonly states?: readonly RunState[];
  readonly tenant?: string;
  /** The last run of the page before: only older ones follow. */
  readonly before?: Pick<RunEntry, 'runId' | 'startedAt'>;
}

export type IterationRecord = IterationReport & { readonly runId: string };

/** One revision's review by one reviewer, with all it found. */
export interface ReviewRecord {
  readonly runId: string;
  readonly iteration: number;
  readonly reviewer: string;
  readonly revision: Revision;
  readonly review: Review;
  readonly findings: readonly Finding[];
  /** A model's free words. */
  readonly evaluation?: Evaluation;
}

export interface IterationKey {
  readonly runId: string;
  readonly iteration: number;
}

export interface ReportRecord {
  readonly runId: string;
  /** 'json', 'markdown', 'html' … */
  readonly format: string;
  readonly content: string;
}

/** What a run did to the user's files, by kind. */
export interface Effects {
  readonly saved: { readonly path: string; readonly sha256: string };
  readonly committed: { readonly id: string; readonly branch: string | null };
}
export type EffectKind = keyof Effects;

/** One answer of a model. */
export interface AnswerRecord {
  /** Hash of provider, model and question. */
  readonly key: string;
  readonly provider: string;
  readonly model: string;
  readonly text: string;
  readonly finish: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly answeredAt: string;
}

export interface Spent {
  readonly usd: number;
  /** Input and output together. */
  readonly tokens: number;
}

export interface BatchStart {
  readonly runId: string;
  readonly workflowId: string;
  /** As it was sent. */
  readonly request: unknown;
  readonly startedAt: string;
}

export interface BatchEnd {
  readonly runId: string;
  readonly summary: BatchSummary;
  readonly entries: readonly BatchEntry[];
  readonly closedAt: string;
}

export interface BatchRecord extends BatchStart {
  readonly summary?: BatchSummary;
  readonly entries?: readonly BatchEntry[];
  readonly closedAt?: string;
}

export type BatchHead = Omit<BatchRecord, 'entries'>;

/** Where the store is and what it holds, for people: no password. */
export interface StoreDescription {
  readonly kind: 'sqlite' | 'postgres';
  readonly place: string;
  readonly bytes: number;
  readonly migrations: readonly string[];
}

/**
 * Everything that outlives a run: texts, reviews, reports, effects. Opens at first use; every method may be called again
 * with the same argument, as activities are, and leaves the same rows.
 *
 * Fails   Unavailable STORE_BUSY, STORE_UNREACHABLE · Misconfigured STORE_URL, STORE_ACCESS, STORE_NEWER, STORE_DAMAGED
 */
export interface Store {
  /** Keeps a text under the SHA-256 of its UTF-8 bytes. */
  putText(text: string): Promise<Revision>;
  /** Fails   Bug REVISION_MISSING */
  getText(sha256: string): Promise<string>;
  hasText(sha256: string): Promise<boolean>;

  /** State 'reviewing' from now on; a run that has gone on since keeps what it has. */
  startRun(run: RunStart): Promise<void>;
  /** State 'failed' or 'parked', as the error's kind says. */
  recordRefusal(refusal: RunRefusal): Promise<void>;
  /** Keeps how a run ended that never had an artifact; one that has ended already stays as it is. */
  closeUnopened(run: UnopenedRun): Promise<void>;
  /** False where no such run was started. */
  updateRun(runId: string, patch: RunPatch): Promise<boolean>;
  getRun(runId: string): Promise<RunRecord | null>;
  /**
   * A run id, else a workflow id (its latest run), else the beginning of one run id.
   *
   * Fails   InvalidInput RUN_UNKNOWN, RUN_AMBIGUOUS
   */
  findRun(idOrBeginning: string): Promise<RunRecord>;
  /** Newest first. */
  listRuns(query: RunQuery): Promise<RunEntry[]>;

  putIteration(iteration: IterationRecord): Promise<void>;
  /** First to last. */
  listIterations(runId: string): Promise<IterationReport[]>;
  /** Replaces what the reviewer said in this iteration before. */
  putReview(review: ReviewRecord): Promise<void>;
  /** By reviewer id. */
  listReviews(key: IterationKey): Promise<Review[]>;
  /** A model's free words by reviewer id; reviewers that ask no model have none. */
  listEvaluations(key: IterationKey): Promise<Record<string, Evaluation>>;
  /** Of all reviewers, each id once, in the order of `compareFindings`. */
  listFindings(key: IterationKey): Promise<Finding[]>;

  putReport(report: ReportRecord): Promise<void>;
  getReport(runId: string, format: string): Promise<string | null>;
  listReportFormats(runId: string): Promise<string[]>;
  /** The first write stays; returns what is stored. */
  putEffect<K extends EffectKind>(effect: { readonly runId: string; readonly kind: K; readonly value: Effects[K] }): Promise<Effects[K]>;
  getEffect<K extends EffectKind>(runId: string, kind: K): Promise<Effects[K] | null>;

  /** Keeps what a model answered, so that it is paid once; the first answer to a question stays. */
  putAnswer(answer: AnswerRecord): Promise<void>;
  getAnswer(key: string): Promise<AnswerRecord | null>;
  /** Takes the text of an answer out of use, because nothing could be made of it; what it cost still counts. */
  forgetAnswer(key: string): Promise<void>;
  /** What all answers since then have cost; those without a price count by their tokens alone. */
  spentSince(at: string): Promise<Spent>;

  putBatch(batch: BatchStart): Promise<void>;
  closeBatch(batch: BatchEnd): Promise<void>;
  getBatch(runId: string): Promise<BatchRecord | null>;
  /** Found as `findRun` finds a run; null where no batch matches. Fails   InvalidInput RUN_AMBIGUOUS */
  findBatch(idOrBeginning: string): Promise<BatchRecord | null>;
  /** Newest first, without their entries. `limit` 1–1000. */
  listBatches(limit: number): Promise<BatchHead[]>;

  describe(): Promise<StoreDescription>;
  close(): Promise<void>;
}
