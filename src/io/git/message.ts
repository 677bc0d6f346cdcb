/** What the trailers of a commit say; people and audits read them, and a retry finds its commit by them. */
export interface CommitRun {
  readonly runId: string;
  /** 0: the artifact as it was opened. */
  readonly iteration: number;
  /** 0–100, null where nothing was scored. */
  readonly score: number | null;
}

/** The width that git's own lists cut at. */
const maxSubjectLength = 72;

export function commitMessage(subject: string, run: CommitRun): string {
  const trailers = [`Koubou-Run: ${oneLine(run.runId)}`, `Koubou-Iteration: ${run.iteration}`];
  if (run.score !== null) trailers.push(`Koubou-Score: ${run.score}`);
  return `${cutSubject(subject)}\n\n${trailers.join('\n')}\n`;
}

/** True when a commit's message was written by `commitMessage` for this run and iteration. */
export function isMessageOf(message: string, run: { readonly runId: string; readonly iteration: number }): boolean {
  const lines = message.split('\n');
  return lines.includes(`Koubou-Run: ${oneLine(run.runId)}`) && lines.includes(`Koubou-Iteration: ${run.iteration}`);
}

/** The text without control, invisible and bidirectional characters, which could rewrite a terminal that shows it. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '').trim();
}

function cutSubject(subject: string): string {
  const letters = Array.from(oneLine(subject) || 'Improve a file');
  return letters.length <= maxSubjectLength ? letters.join('') : `${letters.slice(0, maxSubjectLength - 1).join('').trimEnd()}…`;
}
