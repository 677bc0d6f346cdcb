import type { Report, RunState } from '#domain/report.ts';
import { visibleLine } from '#reports/visible.ts';
import { padTo } from '#reports/width.ts';
import { artifactName } from '#reports/wording.ts';
import type { Paint } from './paint.ts';

export interface EndingOptions {
  /** How the reader calls this program: 'koubou', 'npm start --'. */
  readonly command: string;
  readonly webUi?: string;
}

/** What became of the file, what can be done next, and where more is to be read. */
export function endingLines(report: Report, paint: Paint, { command, webUi }: EndingOptions): string[] {
  const run = `${command} %s ${visibleLine(report.runId)}`;
  const facts: [string, string][] = [['Result', savedSentence(report, run, command)]];
  for (const [format, path] of Object.entries(report.reports)) facts.push(['Report', `${visibleLine(path)} ${paint.dim(`(${visibleLine(format)})`)}`]);
  if (webUi !== undefined) facts.push(['Web UI', visibleLine(webUi)]);
  return facts.filter(([, text]) => text !== '').map(([label, text], index) => {
    const isRepeated = index > 0 && facts[index - 1]![0] === label;
    return `${paint.bold(padTo(isRepeated ? '' : label, 8))}${text}`;
  });
}

const waiting: Partial<Record<RunState, string>> = {
  parked: 'decide %s retry|skip|abort',
  waiting_for_decision: 'decide %s approve|reject|abort',
  paused: 'decide %s continue|abort',
};

function savedSentence(report: Report, run: string, command: string): string {
  const call = (name: string, rest = ''): string => run.replace('%s', name) + rest;
  const decision = waiting[report.state];
  if (decision !== undefined) return `Waiting. To go on: ${call('decide', decision.slice('decide %s'.length))}`;
  if (report.state !== 'completed' && report.state !== 'cancelled' && report.state !== 'failed') return `Not finished yet. To wait for it: ${call('wait')}`;
  if (report.saved !== null) return savedWords(report, report.saved.path);
  if (report.bestRevision === null || (report.bestRevision.iteration <= 1 && report.artifact.isNew !== true)) return report.state === 'failed' ? '' : 'Nothing was changed.';
  return unsavedSentence(report, call, command);
}

function unsavedSentence(report: Report, call: (name: string, rest?: string) => string, command: string): string {
  if (report.error?.code === 'FILE_CHANGED' && report.artifact.isNew === true) return `Not saved: there is a file of that name by now. The drafted text: ${call('result', ' --text')}`;
  if (report.error?.code === 'FILE_CHANGED') return `Not saved: the file was changed meanwhile. To review it as it is now: ${command} review ${visibleLine(artifactName(report))}`;
  if (report.outcome === 'rejected') return `Nothing was written. The rejected text: ${call('result', ' --text')}`;
  if (report.artifact.path === undefined) return `The improved text: ${call('result', ' --text')}`;
  return `Nothing was written. To save it: ${call('apply', ' [--commit]')}`;
}

function savedWords({ commit }: Report, path: string): string {
  if (commit === null) return `Saved ${visibleLine(path)}`;
  const branch = commit.branch === null ? 'a detached HEAD' : visibleLine(commit.branch);
  return `Saved ${visibleLine(path)} and committed ${visibleLine(commit.id).slice(0, 12)} on ${branch}`;
}
