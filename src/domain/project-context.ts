/** One file of the project that models are shown beside the artifact. */
export interface ContextEntry {
  /** Relative to the project. */
  readonly path: string;
  /** Of what is shown of it. */
  readonly bytes: number;
  /** Only its beginning is shown. */
  readonly cut?: true;
}

/** What models are told of a project beside the artifact: names and sizes; the texts lie in the store. */
export interface ProjectContext {
  /** Relative to the root; '.' for the root itself. */
  readonly project: string;
  /** Of the stored texts, all together. */
  readonly sha256: string;
  /** In the order in which the artifact names them, at most `contextLimits.files`. */
  readonly files: readonly ContextEntry[];
  /** Names in the listing, and how many files there are. */
  readonly listed: number;
  readonly total: number;
  /** Files that the artifact names and that are not shown, at most `contextLimits.files`. */
  readonly leftOut: readonly { readonly path: string; readonly because: string }[];
}

export const contextLimits = {
  /** So many entries of about 100 bytes stay below 6 KB of history. */
  files: 50,
  names: 1_000,
  /** Where a text is in English; in Japanese a token is about three bytes, so that the budget is overrun by a third at most. */
  bytesPerToken: 4,
  /** No file takes more than this share of the budget, so that one long file does not push all others out. */
  fileShare: 1 / 4,
  listingShare: 1 / 8,
  /** Of less than this nothing is learnt. */
  leastBytes: 200,
  /** What is larger was not written to be read. */
  readBytes: 1_000_000,
} as const;
