import type { Report } from '#domain/report.ts';
import { categoryChanges, gainWord, scoreWord } from '#reports/wording.ts';
import type { Paint } from './paint.ts';

/** Cells of a bar: 5 points each. */
const cells = 20;
const labelWidth = 'performance'.length + 2;

/** One line for the whole and one per category: a bar, the score before and after, and the gain. */
export function categoryBars(report: Report, paint: Paint): string[] {
  const overall = barLine('overall', report.initialScore, report.finalScore, paint);
  return [overall, ...categoryChanges(report).map(({ category, before, after }) => barLine(category, before, after, paint))];
}

function barLine(label: string, before: number | null, after: number | null, paint: Paint): string {
  const start = `  ${label.padEnd(labelWidth)}`;
  if (after === null) return start + paint.dim('not assessed');
  const from = before ?? after;
  const change = from === after ? '' : `${scoreWord(before).padStart(5)} ${paint.signs.arrow} `;
  const gain = from === after ? '' : `  ${tinted(gainOf(before, after, paint), after > from, paint)}`;
  const blank = ' '.repeat(7 + paint.signs.arrow.length);
  return `${start}${bar(from, after, paint)}${change === '' ? blank : change}${paint.bold(scoreWord(after).padStart(5))}${gain}`;
}

function gainOf(before: number | null, after: number, paint: Paint): string {
  const gain = gainWord(before, after);
  return paint.signs.arrow === '->' ? gain.replace('−', '-') : gain;
}

function tinted(text: string, isGain: boolean, paint: Paint): string {
  return isGain ? paint.good(text) : paint.bad(text);
}

function bar(before: number, after: number, { signs, dim, good, bad }: Paint): string {
  const [from, to] = [cellsOf(before), cellsOf(after)];
  const kept = signs.bar.kept.repeat(Math.min(from, to));
  const gained = signs.bar.gained.repeat(Math.max(0, to - from));
  const lost = signs.bar.lost.repeat(Math.max(0, from - to));
  return kept + good(gained) + bad(lost) + dim(signs.bar.empty.repeat(cells - Math.max(from, to)));
}

// Only the full score fills the bar: 99.6 must not look like 100.
function cellsOf(score: number): number {
  if (score >= 100) return cells;
  return Math.max(0, Math.min(cells - 1, Math.round((score / 100) * cells)));
}
