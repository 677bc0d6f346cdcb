import { AppError } from '#domain/errors.ts';
import type { Report } from '#domain/report.ts';
import { loadReport, missingReport } from '#client/run-report.ts';
import { visible } from '#reports/visible.ts';
import type { Call } from './call.ts';
import { closedEnd } from './closed-run.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { finishRun, showStanding } from './finish-run.ts';
import { reportOptions } from './report-options.ts';
import { openReadingSession, type ReadingSession } from './session.ts';
import { findShownRun, finishOptions } from './shown-run.ts';
import { tellFailure } from './tell-error.ts';

const parts = ['text', 'diff', 'messages'] as const;
type Part = (typeof parts)[number];

/**
 * `koubou result ID`: the report of a run, with the run's exit code; with --text, --diff or --messages a part of it, with 0.
 * A run that has not ended is shown as it stands, with 3.
 */
export async function result(call: Call): Promise<ExitCode> {
  const wanted = parts.filter((part) => call.flags.has(part));
  if (wanted.length > 1) throw invalid(`--${wanted.join(' and --')} exclude each other; choose one.`);
  const options = reportOptions(call.flags, call.program.facts.cwd, ['markdown', 'json', 'html']);
  const reading = await openReadingSession(call);
  try {
    const place = await findShownRun(call, reading);
    const [part] = wanted;
    if (part !== undefined) return await showPart(call, reading, { part, ...place });
    const shown = finishOptions(call, reading, options);
    if (place.closed) return await finishRun(place, await closedEnd(reading.store, place), shown);
    return showStanding(place, (await reading.session?.reviews.progress(place)) ?? null, shown);
  } finally {
    await reading.close();
  }
}

interface ShownPart {
  readonly part: Part;
  readonly kind: 'review' | 'batch';
  readonly runId: string;
}

async function showPart({ output, flags }: Call, { store }: ReadingSession, { part, kind, runId }: ShownPart): Promise<ExitCode> {
  if (kind === 'batch') throw invalid(`--${part} is of one run, and ${runId} is a batch; \`koubou list\` shows its runs.`);
  const report = await loadReport(store, runId);
  if (report === null) return tellFailure(await missingReport(store, runId), { output, json: flags.has('json'), runId });
  const text = await textOf(part, report, store);
  // The messages are JSON lines already.
  if (flags.has('json') && part !== 'messages') output.json({ schema: 'koubou.part/1', run_id: runId, [part]: text });
  else output.print(text);
  return exitCodes.done;
}

async function textOf(part: Part, report: Report, store: ReadingSession['store']): Promise<string> {
  if (part === 'diff') return report.diff ?? '';
  if (part === 'messages') return (await import('#client/run-messages.ts')).runMessages(store, report);
  if (report.bestRevision === null) throw invalid(`Run ${report.runId} has no revision: ${visible(report.reason)}`);
  return store.getText(report.bestRevision.sha256);
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}
