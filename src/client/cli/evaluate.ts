import { AppError } from '#domain/errors.ts';
import type { Report } from '#domain/report.ts';
import { evaluationResult } from '#client/evaluate-result.ts';
import { loadReport } from '#client/run-report.ts';
import type { StartedRun } from '#client/start-run.ts';
import type { WireRequest } from '#wire/request.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { evaluateReplies } from './evaluate-replies.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { standingJson } from './finish-run.ts';
import { followRun } from './follow-run.ts';
import { listenForInterruption } from './interrupt.ts';
import { fileArtifact, inputArtifact } from './review-plan.ts';
import { projectPath } from './project-path.ts';
import { openSession, type Session } from './session.ts';
import { tellFailure } from './tell-error.ts';
import { numberIn } from './values.ts';

/** Seed 003's document profile, whoever judges. */
const judgedAs: Omit<WireRequest, 'artifact'> = { profile: 'evaluate', max_iterations: 1, save: 'none' };
const scores = { min: 0, max: 10 };

/** `koubou evaluate`: one judgement, no loop; prints the result of evaluate_document (contracts §5). 0 ready, 1 not ready, 2 not judged. */
export async function evaluate(call: Call): Promise<ExitCode> {
  if (call.flags.has('reply')) return evaluateReplies(call);
  const settings = await loadCallSettings(call);
  const target = targetOf(call, settings);
  const artifact = await artifactOf(call, settings);
  const reviewers = await reviewersOf(call, settings);
  const request: WireRequest = { ...judgedAs, artifact, root: settings.root.root, ...projectPath(call, settings, { anywhere: !('path' in artifact) }), reviewers, improver: 'static', target_score: target * 10 };
  const session = await openSession(call, settings);
  try {
    return await judge(call, session, { request, target });
  } finally {
    await session.close();
  }
}

async function reviewersOf({ flags, program }: Call, { config }: CallSettings): Promise<string[]> {
  const named = [...new Set(flags.list('reviewer'))];
  return named.length > 0 ? named : [(await program.usableModels(config))[0] ?? 'static'];
}

function targetOf({ flags }: Call, { config }: CallSettings): number {
  const text = flags.text('target');
  return text === undefined ? config.settings.evaluation.targetScore : numberIn('--target', text, scores);
}

function artifactOf(call: Call, settings: CallSettings): Promise<WireRequest['artifact']> {
  const [word, ...more] = call.arguments;
  if (word === undefined || more.length > 0) throw new AppError('InvalidInput', 'INPUT_INVALID', '`koubou evaluate` judges one document: koubou evaluate PATH, or - for standard input.');
  return word === '-' ? inputArtifact(call, settings, call.flags.text('name') ?? 'document.md') : Promise.resolve(fileArtifact(word, call, settings));
}

interface Judged {
  readonly request: WireRequest;
  readonly target: number;
}

async function judge(call: Call, session: Session, { request, target }: Judged): Promise<ExitCode> {
  const interruption = listenForInterruption(call.program.signals);
  try {
    const run = await session.reviews.startReview(request);
    const name = 'path' in request.artifact ? request.artifact.path : 'the document';
    const end = await followRun(call, session, run, { name, interruption });
    if (typeof end === 'number') return end;
    if (end.why === 'needs_person' && end.progress.state === 'parked') return await giveUp(call, session, run);
    if (end.why === 'failed') return tellFailure(end.error, { output: call.output, json: true, runId: run.runId });
    const report = await loadReport(session.store, run.runId);
    return report === null ? showOpen(call, standingJson(run, 'progress' in end ? end.progress : null)) : show(call, report, target);
  } finally {
    interruption.release();
  }
}

// One judgement that failed three times is an error to whoever asked for it, not a run to come back to.
async function giveUp(call: Call, { reviews, store }: Session, run: StartedRun): Promise<ExitCode> {
  const { waitingFor = '' } = await reviews.decide(run, { decision: 'abort', by: 'koubou evaluate' });
  await reviews.wait(run);
  const error = (await loadReport(store, run.runId))?.error ?? { kind: 'Unavailable', code: 'NOT_JUDGED', message: waitingFor };
  return tellFailure(error, { output: call.output, json: true, runId: run.runId });
}

function show({ output }: Call, report: Report, target: number): ExitCode {
  const result = evaluationResult(report, target);
  output.json(result);
  if (result.score === null) return exitCodes.nothing;
  return result.ready_for_implementation ? exitCodes.done : exitCodes.below;
}

// Parked, or waiting for a budget: somebody has to decide.
function showOpen({ output }: Call, standing: object): ExitCode {
  output.json(standing);
  return exitCodes.stillOpen;
}
