export type ReadingOutcome = 'ok' | 'no_score' | 'out_of_range' | 'ambiguous' | 'truncated' | 'empty' | 'refusal' | 'provider_error';

export interface ReadOptions {
  /** 'flexible' reads structured text too and repairs complete JSON; 'strict' reads JSON only. */
  readonly mode: 'flexible' | 'strict';
  /** The scale of a score that does not name its own. 10 if not given. */
  readonly scaleMax?: 10 | 100;
  /** Which tool wrote the text. Envelopes are known by their shape too. */
  readonly cli?: 'codex' | 'claude' | 'gemini';
  /** Given when the request asked for it back: an answer without it is stale or planted. */
  readonly nonce?: string;
}

/** One remark as the model wrote it. Untrusted: the quote and the line have not been looked up. */
export interface AnswerFinding {
  readonly message: string;
  readonly quote?: string;
  readonly line?: number;
  readonly category?: string;
  readonly severity?: string;
  readonly suggestion?: string;
}

/** One criterion with its own number, 0–10, or null where it has none that can be read. */
export interface AnswerCategory {
  readonly name: string;
  readonly score: number | null;
  readonly comment?: string;
}

/** What an answer says beside its score and verdict. All text is untrusted. */
export interface AnswerDetails {
  readonly conclusion?: string;
  readonly rationale?: string;
  readonly analysis?: { readonly strengths: readonly string[]; readonly weaknesses: readonly string[] };
  readonly recommendations?: readonly string[];
  readonly blockers?: readonly string[];
  readonly technicalNotes?: string;
  readonly categories?: readonly AnswerCategory[];
  readonly findings?: readonly AnswerFinding[];
}

/** Why an answer was not read, or not read in full. */
export type ReadingCause =
  | 'too_large'
  | 'too_many_objects'
  | 'too_many_statements'
  | 'too_deep'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'malformed_json'
  | 'score_not_a_number'
  | 'conflicting_scores'
  | 'several_numbers'
  | 'count_not_a_score'
  | 'nonce_missing'
  | 'nonce_mismatch'
  | 'nonce_not_asked_for'
  | 'no_end_of_turn'
  | 'token_limit'
  | 'cut_json'
  | 'cut_number'
  | 'error_reported'
  | 'refused';

/**
 * What a model's answer says. `score` is null unless `outcome` is 'ok'; 'ok' with a null score is an answer by grade or verdict.
 * `ready` is the answer's own word, null if it says nothing or contradicts itself; it never decides anything.
 */
export interface Reading extends AnswerDetails {
  readonly outcome: ReadingOutcome;
  /** 0–10. */
  readonly score: number | null;
  /** The score as it was written. */
  readonly scoreRaw: string | null;
  /** The scale it was written in. */
  readonly scaleMax: number | null;
  readonly ready: boolean | null;
  readonly verdict?: string;
  readonly grade?: string;
  /** Only where a nonce was asked for or given. */
  readonly nonceMatches?: boolean;
  /** The JSON was complete but not strict: comments, trailing commas, single quotes, Python words. */
  readonly repaired?: true;
  readonly cause?: ReadingCause;
}
