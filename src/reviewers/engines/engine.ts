import type { Language } from '#domain/artifact.ts';
import type { Category, ScoredCategory, Severity } from '#domain/finding.ts';
import type { CodeMetrics } from '#domain/review.ts';

/** Raise with any change of a rule table: which rules are on, their category, severity or confidence. */
export const rulesVersion = '1';

/** Replaces text[start, end) of the revision the finding is about; UTF-16 offsets, end exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an engine says, before ids and de-duplication. */
export interface RawFinding {
  /** '<engine>/<rule>'. */
  readonly ruleId: string;
  readonly category: Category;
  readonly severity: Severity;
  /** 0–1. */
  readonly confidence: number;
  /** One line, never a secret. */
  readonly message: string;
  readonly suggestion?: string;
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly cwe?: string;
  /** What several engines have their own rule for: two findings of one meaning on one line are one. */
  readonly meaning?: string;
  /**
   * All or nothing. Only edits that keep what the text does, or that replace something wrong for every input
   * (a comparison that is always false, a name that does not exist).
   */
  readonly edits?: readonly Edit[];
}

/** 'syntax' for texts too big for more: only what decides whether it parses. */
export type Depth = 'full' | 'syntax';

export interface EngineDocument {
  /** Untrusted; engines look at its extension and never open it. */
  readonly name: string;
  readonly language: Language;
  readonly text: string;
  readonly previousText?: string;
  readonly depth: Depth;
}

export interface EngineOutput {
  readonly findings: readonly RawFinding[];
  /** Null where the engine is no judge of that. */
  readonly parses: boolean | null;
  readonly metrics?: CodeMetrics | null;
  readonly lost?: readonly string[];
}

/** A loaded engine. Executes and opens nothing of the reviewed project; may throw, hang or eat memory: its thread is replaced. */
export interface Engine {
  analyze(document: EngineDocument): EngineOutput | Promise<EngineOutput>;
}

/** What is known of an engine without loading it. */
export interface EngineEntry {
  readonly id: string;
  readonly version: string;
  /** The categories it judges; a language that is missing is none of its business. */
  readonly judges: Partial<Record<Language, readonly ScoredCategory[]>>;
  /** Whether it takes part where only syntax and secrets are looked at. */
  readonly depths: readonly Depth[];
  load(): Promise<Engine>;
}
