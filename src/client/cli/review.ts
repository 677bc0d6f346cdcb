import { toCamelKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import type { StartedRun } from '#client/start-run.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { finishRun } from './finish-run.ts';
import { followRun } from './follow-run.ts';
import { listenForInterruption, type Interruption } from './interrupt.ts';
import { reportOptions, type ReportOptions } from './report-options.ts';
import { planReview, type ReviewPlan } from './review-plan.ts';
import { openSession, webUiLink, type Session } from './session.ts';
import { checkBatchFormat } from './show-batch.ts';
import { draftTeller } from './tell-draft.ts';
import { waitFlag } from './values.ts';
import { untilChanged, watchStamp } from './watch-files.ts';

/** `koubou review`: starts a run, follows it, shows its result. */
export async function review(call: Call): Promise<ExitCode> {
  const waitMs = waitFlag(call.flags);
  const settings = await loadCallSettings(call);
  const options = reportOptions(call.flags, call.program.facts.cwd, settings.config.settings.reports.formats);
  const plan = await planReview(call, settings);
  if (plan.kind === 'batch') checkBatchFormat(options);
  const reviewing: Reviewing = { call, settings, plan, options, waitMs };
  return call.flags.has('watch') ? reviewAndWatch(reviewing) : (await reviewOnce(reviewing)).code;
}

interface Reviewing {
  readonly call: Call;
  readonly settings: CallSettings;
  readonly plan: ReviewPlan;
  readonly options: ReportOptions;
  readonly waitMs: number | undefined;
}

interface Reviewed {
  readonly code: ExitCode;
  readonly interrupted: boolean;
}

async function reviewOnce(reviewing: Reviewing): Promise<Reviewed> {
  const { call, settings, plan } = reviewing;
  const session = await openSession(call, settings);
  const interruption = listenForInterruption(call.program.signals);
  try {
    const run = await (plan.kind === 'batch' ? session.reviews.startBatch(plan.request) : session.reviews.startReview(plan.request));
    if (run.joined) call.output.say(`koubou: the same review is running already as ${run.runId}; it is joined.`);
    const code = call.flags.has('detach') ? showStarted(reviewing, session, run) : await followAndShow(reviewing, { session, run, interruption });
    return { code, interrupted: interruption.signal.aborted };
  } finally {
    interruption.release();
    await session.close();
  }
}

interface Running {
  readonly session: Session;
  readonly run: StartedRun;
  readonly interruption: Interruption;
}

async function followAndShow({ call, plan, options, waitMs }: Reviewing, { session, run, interruption }: Running): Promise<ExitCode> {
  const { output, flags, program } = call;
  const tellDraft = draftTeller(output);
  const end = await followRun(call, session, run, { name: plan.name, waitMs, interruption, onProgress: ({ drafted }) => tellDraft(drafted) });
  if (typeof end === 'number') return end;
  if (end.why === 'completed') tellDraft((toCamelKeys(end.result) as Partial<Report>).drafted);
  return finishRun(run, end, {
    output,
    config: session.config,
    options,
    command: program.command,
    webUi: (place) => webUiLink(session, place),
    store: session.store,
    // A diff without a file to judge is in order; a folder without one was named in vain.
    empty: flags.has('diff') ? exitCodes.done : exitCodes.nothing,
  });
}

function showStarted({ call: { output, program }, options }: Reviewing, session: Session, run: StartedRun): ExitCode {
  const { runId, workflowId, joined } = run;
  const link = webUiLink(session, run);
  if (options.print === 'json') output.json({ schema: 'koubou.started/1', run_id: runId, workflow_id: workflowId, joined, ...(link === undefined ? {} : { web_ui: link }) });
  else output.print(`${runId}\n`);
  output.say(`Come back to it with: ${program.command} wait ${runId}`);
  if (link !== undefined) output.say(`Web UI: ${link}`);
  return exitCodes.done;
}

// Each review opens a session of its own: the local service may have left in the meantime.
async function reviewAndWatch(reviewing: Reviewing): Promise<ExitCode> {
  const { call, plan } = reviewing;
  const savesItself = 'save' in plan.request && plan.request.save !== 'none';
  const onGone = (file: string): void => call.output.say(`${file} is gone; waiting until it is there again.`);
  for (;;) {
    const before = watchStamp(plan.watched);
    const { code, interrupted } = await reviewOnce(reviewing);
    if (interrupted) return code;
    call.output.say(`Watching ${plan.name}; Ctrl-C ends it.`);
    const interruption = listenForInterruption(call.program.signals);
    const changed = await untilChanged(plan.watched, savesItself ? watchStamp(plan.watched) : before, { signal: interruption.signal, onGone });
    interruption.release();
    if (!changed) return exitCodes.interrupted;
  }
}
