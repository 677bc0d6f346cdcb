import { compareFindings, uniteFindings, type Finding } from '#domain/finding.ts';
import type { Evaluation, IterationReport } from '#domain/report.ts';
import type { Review } from '#domain/review.ts';
import { columnText, dropNulls, parseStored } from './rows.ts';
import type { Access, Database, FindingsTable, IterationsTable } from './schema.ts';
import type { IterationKey, IterationRecord, ReviewRecord, Store } from './store.ts';

/** 12 columns a row: 6,000 values a statement, where SQLite takes 32,766 and PostgreSQL 65,535. */
const rowsPerInsert = 500;

/** What was said about each revision: iterations, reviews and findings. */
export function storeReviews(access: Access): Pick<Store, 'putIteration' | 'listIterations' | 'putReview' | 'listReviews' | 'listEvaluations' | 'listFindings'> {
  return {
    putIteration: (iteration) => access((db) => putIteration(db, iteration)),
    listIterations: (runId) => access((db) => listIterations(db, runId)),
    putReview: (record) => access((db) => db.transaction().execute((transaction) => putReview(transaction, record))),
    listReviews: (key) => access((db) => listReviews(db, key)),
    listEvaluations: (key) => access((db) => listEvaluations(db, key)),
    listFindings: (key) => access((db) => listFindings(db, key)),
  };
}

async function putIteration(db: Database, record: IterationRecord): Promise<void> {
  const row: IterationsTable = {
    runId: record.runId,
    iteration: record.iteration,
    sha256: record.revision.sha256,
    bytes: record.revision.bytes,
    score: record.score,
    accepted: record.accepted ? 1 : 0,
    refusedBecause: record.refusedBecause === undefined ? null : columnText(record.refusedBecause),
    findings: record.findings,
    durationMs: record.durationMs,
    costUsd: record.costUsd ?? null,
    categoriesJson: JSON.stringify(record.categories),
    changesJson: JSON.stringify(record.changes),
  };
  await db.insertInto('iterations').values(row).onConflict((conflict) => conflict.columns(['runId', 'iteration']).doUpdateSet(row)).execute();
}

async function listIterations(db: Database, runId: string): Promise<IterationReport[]> {
  const rows = await db.selectFrom('iterations').selectAll().where('runId', '=', runId).orderBy('iteration').execute();
  return rows.map(toIteration);
}

function toIteration({ runId: _runId, sha256, bytes, score, accepted, categoriesJson, changesJson, ...row }: IterationsTable): IterationReport {
  return {
    ...dropNulls(row),
    revision: { sha256, bytes },
    score,
    accepted: accepted === 1,
    categories: parseStored<IterationReport['categories']>(categoriesJson),
    changes: parseStored<string[]>(changesJson),
  };
}

// The review's row comes first: two attempts at once then take turns on it, and the later one replaces all.
async function putReview(db: Database, { runId, iteration, reviewer, revision, review, findings, evaluation }: ReviewRecord): Promise<void> {
  const row = { runId, iteration, reviewer, sha256: revision.sha256, bodyJson: JSON.stringify(review), evaluationJson: evaluation === undefined ? null : JSON.stringify(evaluation) };
  await db.insertInto('reviews').values(row).onConflict((conflict) => conflict.columns(['runId', 'iteration', 'reviewer']).doUpdateSet(row)).execute();
  await db.deleteFrom('findings').where('runId', '=', runId).where('iteration', '=', iteration).where('reviewer', '=', reviewer).execute();
  for (let start = 0; start < findings.length; start += rowsPerInsert) {
    const rows = findings.slice(start, start + rowsPerInsert).map((finding, index) => toRow({ runId, iteration, reviewer, position: start + index }, finding));
    await db.insertInto('findings').values(rows).execute();
  }
}

function toRow(key: Pick<FindingsTable, 'runId' | 'iteration' | 'reviewer' | 'position'>, finding: Finding): FindingsTable {
  const { id, ruleId, category, severity, confidence, place, suppressed } = finding;
  return { ...key, id: columnText(id), ruleId: columnText(ruleId), category, severity, confidence, line: place.line, suppressed: suppressed ?? null, bodyJson: JSON.stringify(finding) };
}

async function listEvaluations(db: Database, { runId, iteration }: IterationKey): Promise<Record<string, Evaluation>> {
  const rows = await db.selectFrom('reviews').select(['reviewer', 'evaluationJson']).where('runId', '=', runId).where('iteration', '=', iteration).orderBy('reviewer').execute();
  return Object.fromEntries(rows.flatMap(({ reviewer, evaluationJson }) => (evaluationJson === null ? [] : [[reviewer, parseStored<Evaluation>(evaluationJson)] as const])));
}

async function listReviews(db: Database, { runId, iteration }: IterationKey): Promise<Review[]> {
  const rows = await db.selectFrom('reviews').select('bodyJson').where('runId', '=', runId).where('iteration', '=', iteration).orderBy('reviewer').execute();
  return rows.map(({ bodyJson }) => parseStored<Review>(bodyJson));
}

async function listFindings(db: Database, { runId, iteration }: IterationKey): Promise<Finding[]> {
  const rows = await db.selectFrom('findings').select(['reviewer', 'bodyJson']).where('runId', '=', runId).where('iteration', '=', iteration).orderBy('reviewer').orderBy('position').execute();
  return uniteFindings(rows.map(({ reviewer, bodyJson }) => ({ reviewer, finding: parseStored<Finding>(bodyJson) }))).toSorted(compareFindings);
}
