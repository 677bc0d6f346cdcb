import type { Kysely } from 'kysely';
import type { ArtifactKind, Language } from '#domain/artifact.ts';
import type { Outcome, RunState } from '#domain/report.ts';
import type { EffectKind } from './store.ts';

// Columns are snake_case in the database; the query builder's CamelCasePlugin converts. Names ending in Json hold JSON text:
// read as a whole, never searched.

export interface RunsTable {
  runId: string;
  workflowId: string;
  tenant: string;
  state: RunState;
  outcome: Outcome | null;
  artifactName: string;
  artifactPath: string | null;
  root: string | null;
  kind: ArtifactKind | null;
  language: Language | null;
  targetScore: number | null;
  iteration: number;
  score: number | null;
  initialScore: number | null;
  bestSha256: string | null;
  costUsd: number;
  errorJson: string | null;
  requestJson: string | null;
  artifactJson: string | null;
  startedAt: string;
  closedAt: string | null;
}

export interface IterationsTable {
  runId: string;
  iteration: number;
  sha256: string;
  bytes: number;
  score: number | null;
  accepted: number;
  refusedBecause: string | null;
  findings: number;
  durationMs: number;
  costUsd: number | null;
  categoriesJson: string;
  changesJson: string;
}

export interface FindingsTable {
  runId: string;
  iteration: number;
  reviewer: string;
  /** Where the finding stood in the reviewer's list: two may share an id. */
  position: number;
  id: string;
  ruleId: string;
  category: string;
  severity: string;
  confidence: number;
  line: number;
  suppressed: string | null;
  bodyJson: string;
}

export interface AnswersTable {
  key: string;
  provider: string;
  model: string;
  /** Null once it was found to be of no use. */
  content: Uint8Array | null;
  finish: string;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  answeredAt: string;
}

export interface Tables {
  revisions: { sha256: string; bytes: number; content: Uint8Array };
  runs: RunsTable;
  iterations: IterationsTable;
  reviews: { runId: string; iteration: number; reviewer: string; sha256: string; bodyJson: string; evaluationJson: string | null };
  answers: AnswersTable;
  findings: FindingsTable;
  reports: { runId: string; format: string; content: Uint8Array };
  effects: { runId: string; kind: EffectKind; valueJson: string };
  batches: {
    runId: string;
    workflowId: string;
    requestJson: string;
    summaryJson: string | null;
    entriesJson: string | null;
    startedAt: string;
    closedAt: string | null;
  };
}

export type Database = Kysely<Tables>;

/** Runs an action on the database: opens it at first use, and turns what goes wrong into an AppError. */
export type Access = <T>(action: (db: Database) => Promise<T>) => Promise<T>;
