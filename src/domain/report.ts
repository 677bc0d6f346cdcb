import type { ArtifactKind, Language, Revision } from './artifact.ts';
import type { BatchEntry } from './batch.ts';
import type { CheckOutcome } from './check.ts';
import type { ErrorSummary } from './errors.ts';
import type { Finding, ScoredCategory } from './finding.ts';
import type { Panel } from './panel.ts';
import type { ProjectContext } from './project-context.ts';
import type { CodeMetrics } from './review.ts';
import type { CategoryScore } from './scorecard.ts';

export const reportSchema = 'koubou.report/1';
export const batchSchema = 'koubou.batch/1';

export const runStates = [
  'queued', 'reviewing', 'improving', 'saving', 'waiting_for_decision', 'paused', 'parked', 'completed', 'cancelled', 'failed',
] as const;
export type RunState = (typeof runStates)[number];

export const steps = ['open', 'review', 'improve', 'save', 'commit', 'report'] as const;
/** What a run does at a time; a parked run names the step that failed. */
export type Step = (typeof steps)[number];

export const decisions = ['approve', 'reject', 'continue', 'retry', 'skip', 'abort'] as const;
export type DecisionKind = (typeof decisions)[number];

/** A person's word on a run that waits (update `decide`). */
export interface Decision {
  readonly decision: DecisionKind;
  readonly note?: string;
  readonly by?: string;
  /** With `continue` on a run that paused on its budget: the new budget. */
  readonly budgetUsd?: number;
  /** The same in tokens, input and output together; without it as many are granted again as at first. */
  readonly budgetTokens?: number;
}

export const closedStates: readonly RunState[] = ['completed', 'cancelled', 'failed'];

export const outcomes = [
  'target_reached', 'max_iterations', 'timed_out', 'no_progress', 'oscillating', 'budget_spent', 'nothing_to_improve',
  'rejected', 'aborted', 'not_judged',
] as const;
/** Why a completed run stopped. */
export type Outcome = (typeof outcomes)[number];

/** One round as it is told: the review of one revision and what became of it. */
export interface IterationReport {
  /** 1-based; iteration n reviews revision n−1. */
  readonly iteration: number;
  readonly revision: Revision;
  readonly score: number | null;
  readonly categories: Readonly<Record<ScoredCategory, CategoryScore>>;
  readonly findings: number;
  readonly accepted: boolean;
  readonly refusedBecause?: string;
  /** What the improver says it changed to get here; empty for the first. */
  readonly changes: readonly string[];
  readonly durationMs: number;
  readonly costUsd?: number;
}

export interface EngineReport {
  readonly id: string;
  readonly version: string;
  readonly assessed: readonly string[];
  readonly durationMs: number;
  readonly error?: string;
}

export interface ReviewerReport extends EngineReport {
  /** What came of it, where a check of the user's own sat in this seat. */
  readonly outcome?: CheckOutcome;
  /** Who was asked for and gave no review, where this one stepped in; absent for one who was asked for. */
  readonly insteadOf?: readonly string[];
  /** What the reviewer is made of; empty for a model. */
  readonly engines?: readonly EngineReport[];
}

/** The free words of a model's judgement. */
export interface Evaluation {
  readonly conclusion?: string;
  readonly rationale?: string;
  readonly analysis?: { readonly strengths: readonly string[]; readonly weaknesses: readonly string[] };
  readonly recommendations?: readonly string[];
  readonly technicalNotes?: string;
  readonly modelScore?: number | null;
  readonly modelReady?: boolean | null;
  /** What was asked for and could not be done, such as a prompt of the user's that cannot be read. */
  readonly warnings?: readonly string[];
}

/** What a model made of a task before the review. */
export interface DraftReport {
  /** Id of the model. */
  readonly by: string;
  /** Name, type and folder of the main file; `why` is one sentence. */
  readonly chosen: { readonly name: string; readonly language: Language; readonly why: string };
  /** Every file that was drafted, the main one first: each is reviewed by a run of its own. */
  readonly files: readonly BatchEntry[];
}

/** What a user receives at the end of a run. Wire form: snake_case of exactly this. */
export interface Report {
  readonly schema: typeof reportSchema;
  readonly runId: string;
  readonly workflowId: string;
  readonly state: RunState;
  readonly outcome: Outcome | null;
  /** One sentence for people: why it stopped, and where nothing was judged, why not. */
  readonly reason: string;
  readonly ready: boolean;
  readonly targetScore: number;
  readonly initialScore: number | null;
  readonly finalScore: number | null;
  readonly scoreModel: string;
  readonly artifact: {
    readonly name: string;
    readonly path?: string;
    readonly kind: ArtifactKind;
    readonly language: Language;
    readonly bytes: number;
    readonly sha256: string;
    /** There was no such file before the run. */
    readonly isNew?: true;
  };
  /** Of the best revision. */
  readonly categories: Readonly<Record<ScoredCategory, CategoryScore>>;
  readonly codeMetrics: CodeMetrics | null;
  readonly iterations: readonly IterationReport[];
  /** Open findings of the best revision, worst first; suppressed ones carry the reason. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** Findings of revision 0 that the best revision no longer has. */
  readonly fixed: readonly Finding[];
  readonly bestRevision: { readonly iteration: number; readonly sha256: string; readonly bytes: number } | null;
  /** Unified diff, revision 0 → best; empty where nothing changed; absent in the workflow's own result. */
  readonly diff?: string;
  readonly saved: { readonly path: string; readonly sha256: string } | null;
  readonly commit: { readonly id: string; readonly branch: string | null } | null;
  /** Format → path on the reader's machine; the client fills it in. */
  readonly reports: Readonly<Record<string, string>>;
  readonly reviewers: readonly ReviewerReport[];
  readonly evaluation?: Evaluation;
  /** How the reviewers of the best revision agree; absent where there is one. */
  readonly panel?: Panel;
  /** What models were shown of the project; absent where none was named. */
  readonly context?: Omit<ProjectContext, 'sha256'>;
  /** Absent where the artifact was not drafted by the run. */
  readonly drafted?: DraftReport;
  readonly error: ErrorSummary | null;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd: number };
  readonly startedAt: string;
  readonly closedAt: string;
}

/** The workflow's own result carries this many findings, the worst ones. */
export const resultFindingLimit = 100;
