/** What one HTTP host takes on; every one of them can be lowered by a test. */
export interface HttpLimits {
  /** Of one request; standard input allows a line of the same size. */
  readonly maxBodyBytes: number;
  /** Messages of one JSON-RPC batch. */
  readonly maxBatch: number;
  /** Sessions at once; beyond them the longest idle one makes room. */
  readonly maxSessions: number;
  /** A session without a call in hand and without an open stream ends after this. */
  readonly sessionIdleMs: number;
  /** A session that was used within this time makes no room for another. */
  readonly sessionSettledMs: number;
  /** Calls that a principal may make at once. */
  readonly burst: number;
  /** Calls a second that a principal may make in the long run. */
  readonly callsPerSecond: number;
  /** For the headers of a request, and for all of it. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Between two comments that keep a silent stream open; proxies cut at 30 s and later. */
  readonly keepAliveMs: number;
  /** How long answers on their way may take once the host closes. */
  readonly closeGraceMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  maxBodyBytes: 10 * 1024 * 1024,
  maxBatch: 50,
  maxSessions: 256,
  sessionIdleMs: 30 * 60_000,
  sessionSettledMs: 60_000,
  burst: 1_000,
  callsPerSecond: 100,
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 15_000,
  closeGraceMs: 2_000,
};
