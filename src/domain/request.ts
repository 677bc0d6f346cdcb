import type { Language } from './artifact.ts';
import type { ScoredCategory, Severity } from './finding.ts';
import type { Limits } from './limits.ts';

export type SaveMode = 'none' | 'write' | 'commit';
export type Approval = 'none' | 'before_save';

/** What is to be reviewed. Text never travels: it lies in the store under its hash. */
export type ArtifactSource =
  | FileSource
  | { readonly name: string; readonly sha256: string }
  | NewFileSource;

export interface FileSource {
  readonly path: string;
  readonly lines?: readonly (readonly [number, number])[];
}

/** A stored text that is to become a file which does not exist yet. */
export interface NewFileSource {
  /** Relative to the root. */
  readonly path: string;
  readonly sha256: string;
  /** Of the stored task that it was written for. */
  readonly taskSha256?: string;
}

export interface Criterion {
  readonly name: string;
  readonly weight: number;
  readonly description: string;
}

/** A validated request with every default filled in: the same for every step of the run. */
export interface ReviewRequest {
  readonly artifact: ArtifactSource;
  /** Absolute folder on the workspace worker's machine that paths must stay in. */
  readonly root: string;
  /** Folder of the project that models are told of: relative to the root, or absolute and below it. */
  readonly projectPath?: string;
  readonly language?: Language;
  readonly limits: Limits;
  readonly reviewers: readonly string[];
  readonly improver: string;
  readonly profile: string;
  readonly criteria: readonly Criterion[];
  readonly weights: Partial<Record<ScoredCategory, number>>;
  readonly requested: readonly ScoredCategory[];
  readonly checks: readonly string[];
  readonly save: SaveMode;
  readonly approval: Approval;
  readonly minSeverity: Severity;
  readonly baseline: readonly string[];
  readonly budgetUsd?: number;
  /** Input and output together. */
  readonly budgetTokens?: number;
  readonly formats: readonly string[];
  readonly tenant: string;
}
