import { mergeRuns, type RunLine } from '#client/list-runs.ts';
import type { OpenRun } from '#client/open-runs.ts';
import { AppError } from '#domain/errors.ts';
import type { RunState } from '#domain/report.ts';
import { visibleLine } from '#reports/visible.ts';
import type { BatchHead, RunEntry, RunQuery } from '#store/store.ts';
import { defaultTenant, type Principal } from './principal.ts';
import { tenantOfBatch } from './run-access.ts';
import type { McpReading } from './server-options.ts';
import { nextStepIn } from './waiting.ts';

export interface ListWish {
  readonly states?: readonly RunState[] | undefined;
  /** 1–100. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ListedRun extends Readonly<Record<string, unknown>> {
  readonly run_id: string;
  readonly state: RunState;
  readonly next_step: string;
  readonly artifact: string;
  readonly score: number | null;
}

export interface RunPage {
  readonly runs: readonly ListedRun[];
  /** Absent where these were the last. */
  readonly nextCursor?: string;
}

type Position = Pick<RunEntry, 'runId' | 'startedAt'>;

/** All there are of batches, and of open runs what the service lists. */
const most = 1_000;
/** Runs are looked at in such steps until a page is full. */
const stepSize = 200;

/** One page of the runs that the principal may see, newest first. Fails with InvalidInput CURSOR_INVALID. */
export async function listVisibleRuns(reading: McpReading, { tenant }: Principal, { states, limit, cursor }: ListWish): Promise<RunPage> {
  const [batches, open] = await Promise.all([reading.store.listBatches(most), reading.reviews?.listOpen() ?? []]);
  const isMine = (told: string | undefined): boolean => tenant === undefined || (told ?? defaultTenant) === tenant;
  const known: Known = { batches: batches.filter(({ request }) => isMine(tenantOfBatch(request))), open: open.filter((run) => isMine(run.tenant)) };
  const found: RunLine[] = [];
  let from = cursor === undefined ? undefined : readCursor(cursor);
  for (;;) {
    const { lines, last } = await nextLines(reading, known, { tenant, from });
    found.push(...lines.filter(({ state }) => states?.includes(state) ?? true));
    if (last === undefined || found.length > limit) break;
    from = last;
  }
  const shown = found.slice(0, limit);
  const lastShown = shown.at(-1);
  return { runs: shown.map(toListed), ...(found.length > limit && lastShown !== undefined ? { nextCursor: writeCursor(lastShown) } : {}) };
}

interface Known {
  readonly batches: readonly BatchHead[];
  readonly open: readonly OpenRun[];
}

interface Step {
  readonly tenant: string | undefined;
  readonly from: Position | undefined;
}

// The next runs of the store, with the batches and open runs that lie among them.
async function nextLines({ store }: McpReading, { batches, open }: Known, { tenant, from }: Step): Promise<{ readonly lines: RunLine[]; readonly last: Position | undefined }> {
  const query: RunQuery = { limit: stepSize, ...(tenant === undefined ? {} : { tenant }), ...(from === undefined ? {} : { before: from }) };
  const stored = await store.listRuns(query);
  const last = stored.length < stepSize ? undefined : stored.at(-1);
  const isHere = (run: Position): boolean => (from === undefined || isOlder(run, from)) && (last === undefined || !isOlder(run, last));
  const { batchLine } = await import('#client/batch-lines.ts');
  const merged = mergeRuns(stored, open, batches.map(batchLine)).filter(isHere);
  return { lines: merged.toSorted((a, b) => (isOlder(a, b) ? 1 : -1)), last };
}

function isOlder(a: Position, b: Position): boolean {
  return a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.runId < b.runId);
}

function toListed({ runId, state, kind, artifact, score, targetScore, outcome, startedAt, error }: RunLine): ListedRun {
  return {
    run_id: runId, state, next_step: nextStepIn(state, runId, kind), kind, artifact: visibleLine(artifact), score, target_score: targetScore, outcome,
    started_at: startedAt,
    ...(error === null ? {} : { error: error.code }),
  };
}

function writeCursor({ startedAt, runId }: Position): string {
  return Buffer.from(`${startedAt} ${runId}`).toString('base64url');
}

function readCursor(cursor: string): Position {
  const [, startedAt, runId] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([0-9a-f-]{36})$/i.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (startedAt === undefined || runId === undefined) throw new AppError('InvalidInput', 'CURSOR_INVALID', 'The cursor is not one that review_list gave.');
  return { startedAt, runId };
}
