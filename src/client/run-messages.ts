import type { Report } from '#domain/report.ts';
import { renderMessages, type IterationDetails } from '#reports/messages.ts';
import type { Store } from '#store/store.ts';

/** A run as the five messages of seed 004, JSON lines in order; texts, reviews and findings come from the store. */
export async function runMessages(store: Store, report: Report): Promise<string> {
  const { runId } = report;
  const run = await store.getRun(runId);
  const first = run?.artifact?.revision.sha256;
  const iterations = await Promise.all(report.iterations.map(({ iteration, revision }) => detailsOf(store, { runId, iteration }, revision.sha256)));
  return renderMessages(report, {
    ...(first === undefined ? {} : { text: await store.getText(first) }),
    requested: run?.request?.requested ?? [],
    ...(run?.request === undefined ? {} : { weights: run.request.weights }),
    iterations,
  });
}

async function detailsOf(store: Store, key: { readonly runId: string; readonly iteration: number }, sha256: string): Promise<IterationDetails> {
  const [text, findings, reviews] = await Promise.all([store.getText(sha256), store.listFindings(key), store.listReviews(key)]);
  return { text, findings, reviews };
}
