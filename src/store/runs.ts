import type { Artifact } from '#domain/artifact.ts';
import { AppError, errorPolicies, type ErrorSummary } from '#domain/errors.ts';
import type { ReviewRequest } from '#domain/request.ts';
import { findRunId, shown } from './find.ts';
import { columnText, dropNulls, parseStored } from './rows.ts';
import type { Access, Database, RunsTable } from './schema.ts';
import type { RunEntry, RunPatch, RunQuery, RunRecord, RunRefusal, RunStart, Store, UnopenedRun } from './store.ts';

const longestList = 1000;

const entryColumns = [
  'runId', 'workflowId', 'tenant', 'state', 'outcome', 'artifactName', 'artifactPath', 'root', 'kind', 'language', 'targetScore',
  'iteration', 'score', 'initialScore', 'bestSha256', 'costUsd', 'errorJson', 'startedAt', 'closedAt',
] as const;

type EntryRow = Pick<RunsTable, (typeof entryColumns)[number]>;

/** The runs themselves: where each stands, what was asked and how it ended. */
export function storeRuns(access: Access): Pick<Store, 'startRun' | 'recordRefusal' | 'closeUnopened' | 'updateRun' | 'getRun' | 'findRun' | 'listRuns'> {
  return {
    startRun: (run) => access((db) => startRun(db, run)),
    recordRefusal: (refusal) => access((db) => recordRefusal(db, refusal)),
    closeUnopened: (run) => access((db) => closeUnopened(db, run)),
    updateRun: (runId, patch) => access((db) => updateRun(db, runId, patch)),
    getRun: (runId) => access((db) => getRun(db, runId)),
    findRun: (idOrBeginning) => access((db) => findRun(db, idOrBeginning)),
    listRuns: (query) => access((db) => listRuns(db, query)),
  };
}

async function startRun(db: Database, run: RunStart): Promise<void> {
  const { request, artifact, ...plain } = run;
  const { runId, ...known } = {
    ...plain,
    artifactName: columnText(run.artifactName),
    requestJson: JSON.stringify(request),
    artifactJson: JSON.stringify(artifact),
  };
  await db.insertInto('runs').values({ runId, ...known, ...notYet, state: 'reviewing' }).onConflict((conflict) => conflict.column('runId').doUpdateSet(known)).execute();
  // An earlier attempt to open may have been refused; a run that has gone on since keeps what it has.
  await db.updateTable('runs').set({ state: 'reviewing', errorJson: null, closedAt: null })
    .where('runId', '=', runId).where('iteration', '=', 0).where('outcome', 'is', null).where('state', 'in', ['failed', 'parked']).execute();
}

const notYet = { iteration: 0, costUsd: 0 };

async function recordRefusal(db: Database, { runId, error, tenant = 'default', ...plain }: RunRefusal): Promise<void> {
  const fails = errorPolicies[error.kind].run === 'fails';
  const state = fails ? 'failed' : 'parked';
  const refused = { state, errorJson: JSON.stringify(error), closedAt: fails ? new Date().toISOString() : null } as const;
  await db.insertInto('runs').values({ runId, ...plain, ...notYet, artifactName: columnText(plain.artifactName), tenant, ...refused })
    .onConflict((conflict) => conflict.column('runId').doUpdateSet(refused).where('runs.closedAt', 'is', null)).execute();
}

async function closeUnopened(db: Database, { runId, error, tenant = 'default', state, outcome, costUsd, closedAt, ...plain }: UnopenedRun): Promise<void> {
  const end = { state, outcome: outcome ?? null, errorJson: error === undefined ? null : JSON.stringify(error), costUsd, closedAt };
  await db.insertInto('runs').values({ runId, ...plain, ...notYet, artifactName: columnText(plain.artifactName), tenant, ...end })
    .onConflict((conflict) => conflict.column('runId').doUpdateSet(end).where('runs.closedAt', 'is', null)).execute();
}

async function updateRun(db: Database, runId: string, { error, ...plain }: RunPatch): Promise<boolean> {
  const changes = { ...plain, ...(error === undefined ? {} : { errorJson: JSON.stringify(error) }) };
  if (Object.values(changes).every((value) => value === undefined)) return (await getRun(db, runId)) !== null;
  const { numUpdatedRows } = await db.updateTable('runs').set(changes).where('runId', '=', runId).executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function getRun(db: Database, runId: string): Promise<RunRecord | null> {
  const row = await db.selectFrom('runs').selectAll().where('runId', '=', columnText(runId)).executeTakeFirst();
  if (row === undefined) return null;
  const { requestJson, artifactJson, ...entry } = row;
  return {
    ...toEntry(entry),
    ...(requestJson === null ? {} : { request: parseStored<ReviewRequest>(requestJson) }),
    ...(artifactJson === null ? {} : { artifact: parseStored<Artifact>(artifactJson) }),
  };
}

async function findRun(db: Database, idOrBeginning: string): Promise<RunRecord> {
  const runId = await findRunId(db, 'runs', idOrBeginning);
  const run = runId === null ? null : await getRun(db, runId);
  if (run === null) throw new AppError('InvalidInput', 'RUN_UNKNOWN', `No run is known by ${shown(idOrBeginning)}; koubou list shows them.`);
  return run;
}

async function listRuns(db: Database, { limit, states, tenant, before }: RunQuery): Promise<RunEntry[]> {
  if (states?.length === 0) return [];
  let query = db.selectFrom('runs').select(entryColumns).orderBy('startedAt', 'desc').orderBy('runId', 'desc').limit(Math.min(Math.max(1, limit), longestList));
  if (states !== undefined) query = query.where('state', 'in', states);
  if (tenant !== undefined) query = query.where('tenant', '=', tenant);
  if (before !== undefined) {
    query = query.where((eb) => eb.or([eb('startedAt', '<', before.startedAt), eb.and([eb('startedAt', '=', before.startedAt), eb('runId', '<', before.runId)])]));
  }
  return (await query.execute()).map(toEntry);
}

function toEntry({ errorJson, ...row }: EntryRow): RunEntry {
  return { ...dropNulls(row), ...(errorJson === null ? {} : { error: parseStored<ErrorSummary>(errorJson) }) };
}
