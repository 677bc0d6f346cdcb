import { scoredCategories, type Finding, type ScoredCategory } from '#domain/finding.ts';
import type { Outcome, Report, RunState } from '#domain/report.ts';
import { round } from '#domain/scorecard.ts';

const outcomeWords: Readonly<Record<Outcome, string>> = {
  target_reached: 'Target reached',
  max_iterations: 'Iterations used up',
  timed_out: 'Out of time',
  no_progress: 'No further progress',
  oscillating: 'Going in circles',
  budget_spent: 'Budget spent',
  nothing_to_improve: 'Nothing left to improve',
  rejected: 'Rejected',
  aborted: 'Aborted',
  not_judged: 'Not judged',
};

const stateWords: Readonly<Record<RunState, string>> = {
  queued: 'Queued',
  reviewing: 'Still reviewing',
  improving: 'Still improving',
  saving: 'Saving',
  waiting_for_decision: 'Waiting for a decision',
  paused: 'Paused',
  parked: 'Parked',
  completed: 'Completed',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

/** How a run ended, in a few words: its outcome where it has one, else its state; and a save that failed. */
export function headline({ state, outcome, iterations, error }: Pick<Report, 'state' | 'outcome' | 'iterations' | 'error'>): string {
  const unsaved = error?.step === 'save' ? ', not saved' : error?.step === 'commit' ? ', not committed' : '';
  if (outcome === 'max_iterations' && iterations.length === 1) return `Reviewed${unsaved}`;
  return (outcome !== null && state === 'completed' ? outcomeWords[outcome] : stateWords[state]) + unsaved;
}

export type Tone = 'good' | 'fair' | 'bad';

/** good: target reached. bad: nothing came of it, or an error was met. fair: the rest. */
export function toneOf(report: Pick<Report, 'state' | 'outcome' | 'error'>): Tone {
  if (report.error !== null || report.state === 'failed' || report.outcome === 'not_judged' || report.outcome === 'rejected') return 'bad';
  return report.outcome === 'target_reached' ? 'good' : 'fair';
}

/** '96.1', '85', or a dash where there is no score. */
export function scoreWord(score: number | null): string {
  return score === null ? '–' : String(round(score));
}

/** '+37.1', '−2', '±0'; '' where one of the two scores is missing. */
export function gainWord(before: number | null, after: number | null): string {
  if (before === null || after === null) return '';
  const gain = round(after - before);
  if (gain === 0) return '±0';
  return gain > 0 ? `+${gain}` : `−${Math.abs(gain)}`;
}

/** '12 ms', '3.4 s', '2 min 5 s'. */
export function durationWord(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${round(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** '2026-11-20 09:14:03 UTC'; what is no ISO time is shown as it is. */
export function timeWord(iso: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso) ?? [];
  return day === undefined ? iso : `${day} ${time} UTC`;
}

/** '48 bytes', '1.3 kB', '20 MB'. */
export function bytesWord(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, 'byte');
  return bytes < 1_000_000 ? `${round(bytes / 1_000)} kB` : `${round(bytes / 1_000_000)} MB`;
}

/** '1 finding', '2 findings', '1,000 findings'. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** 'src/a.ts:12:3', as editors and terminals open it. */
export function placeWord({ place }: Pick<Finding, 'place'>): string {
  return `${place.path}:${place.line}:${place.column}`;
}

/** The artifact as its reader knows it. */
export function artifactName({ artifact }: Pick<Report, 'artifact'>): string {
  return artifact.path ?? artifact.name;
}

/** Time from start to end; null where the two are no times. */
export function elapsedMs({ startedAt, closedAt }: Pick<Report, 'startedAt' | 'closedAt'>): number | null {
  const ms = Date.parse(closedAt) - Date.parse(startedAt);
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

export interface CategoryChange {
  readonly category: ScoredCategory;
  readonly before: number | null;
  readonly after: number | null;
  /** Engines and reviewers that assessed it. */
  readonly by: readonly string[];
}

/** Each scored category of revision 0 beside the best revision. */
export function categoryChanges(report: Pick<Report, 'categories' | 'iterations'>): CategoryChange[] {
  const first = report.iterations[0]?.categories;
  return scoredCategories.map((category) => {
    const { score, by } = report.categories[category];
    return { category, before: first?.[category].score ?? null, after: score, by };
  });
}

export function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
