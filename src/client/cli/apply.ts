import { summarizeError } from '#domain/errors.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Applied } from '#client/apply-run.ts';
import { loadBatchReport } from '#client/run-report.ts';
import type { Report } from '#domain/report.ts';
import { visible } from '#reports/visible.ts';
import { artifactName } from '#reports/wording.ts';
import type { Call } from './call.ts';
import { exitCodeOfError, exitCodes, type ExitCode } from './exit-code.ts';
import { openSession, type Session } from './session.ts';
import { errorObject, sentence } from './tell-error.ts';

const appliedSchema = 'koubou.applied/1';

/** `koubou apply ID [--commit]`: saves what a finished run made of its file, exactly once; of a batch, of each of its files. */
export async function apply(call: Call): Promise<ExitCode> {
  const session = await openSession(call);
  try {
    const { kind, runId } = await session.reviews.find(call.arguments[0] ?? '');
    const commit = call.flags.has('commit');
    return kind === 'batch' ? await applyBatch(call, session, runId) : show(call, await session.reviews.apply(runId, commit));
  } finally {
    await session.close();
  }
}

function show({ output, flags }: Call, applied: Applied): ExitCode {
  if (flags.has('json')) output.json({ schema: appliedSchema, ...toSnakeKeys(applied) });
  else output.print(`${appliedText(applied)}\n`);
  return exitCodes.done;
}

function appliedText({ saved, commit, reason }: Applied): string {
  if (saved === null) return visible(reason);
  if (commit === null) return `Saved ${visible(saved.path)}`;
  return `Saved ${visible(saved.path)} and committed ${commit.id.slice(0, 12)} on ${commit.branch === null ? 'a detached HEAD' : visible(commit.branch)}`;
}

// One file that cannot be saved does not stop the others.
async function applyBatch({ output, flags }: Call, session: Session, runId: string): Promise<ExitCode> {
  const batch = await session.store.getBatch(runId);
  const changed = batch === null ? [] : (await loadBatchReport(session.store, batch)).reviews.flatMap(({ report }) => (report !== null && (report.bestRevision?.iteration ?? 1) > 1 ? [report] : []));
  const results: object[] = [];
  let worst: ExitCode = exitCodes.done;
  for (const report of changed) {
    const { runId: child } = report;
    try {
      const applied = report.outcome === 'rejected' ? skipped(report) : await session.reviews.apply(child, flags.has('commit'));
      results.push(toSnakeKeys(applied));
      if (!flags.has('json')) output.print(`${appliedText(applied)}\n`);
    } catch (error) {
      const summary = summarizeError(error);
      results.push(errorObject(summary, child));
      output.warn(sentence(summary, child));
      worst = Math.max(worst, exitCodeOfError(summary)) as ExitCode;
    }
  }
  if (flags.has('json')) output.json({ schema: appliedSchema, run_id: runId, applied: results });
  else if (changed.length === 0) output.print('No review of this batch made a revision that could be saved.\n');
  return worst;
}

// A person's no is no failure.
function skipped(report: Report): Applied {
  return { runId: report.runId, saved: null, commit: null, reason: `Skipped ${artifactName(report)}: it was rejected.` };
}
