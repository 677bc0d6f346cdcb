import { checkOfSeat } from '#domain/check.ts';
import type { Report } from '#domain/report.ts';
import { splitFindings } from '#reports/groups.ts';
import type { RenderOptions } from '#reports/render-options.ts';
import { visibleLine } from '#reports/visible.ts';
import { artifactName, counted, durationWord, elapsedMs, headline, scoreWord, toneOf } from '#reports/wording.ts';
import { categoryBars } from './bars.ts';
import { draftLines } from './draft.ts';
import { endingLines } from './ending.ts';
import { fixedLines, remainingLines } from './lists.ts';
import { panelLines, projectLines } from './panel.ts';
import { createPaint, type Paint } from './paint.ts';

/** The line length where the output is no terminal: nothing is cut then. */
const unlimited = 10_000;

/** The compact result for a terminal: plain text, one screen, nothing in it that a terminal would obey. */
export function renderHuman(report: Report, options: RenderOptions = {}): string {
  const paint = createPaint({ color: options.color ?? false, unicode: options.unicode ?? true });
  const width = Math.max(40, options.width ?? unlimited);
  const webUi = options.links?.webUi;
  const sections = [
    headLines(report, paint),
    draftLines(report, paint, width),
    report.finalScore === null ? [] : [...categoryBars(report, paint), ...scoreTrail(report, paint), ...checkLines(report, paint), ...stepInLines(report, paint)],
    panelLines(report, paint, width),
    fixedLines(report, paint, width),
    remainingLines(report, paint, width),
    projectLines(report, paint, width),
    troubleLines(report, paint),
    endingLines(report, paint, { command: options.command ?? 'koubou', ...(webUi === undefined ? {} : { webUi }) }),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines(report: Report, paint: Paint): string[] {
  const tone = toneOf(report);
  const title = paint[tone](`${paint.signs[tone]} ${headline(report)}`);
  const scores = scoreChange(report, paint);
  const elapsed = elapsedMs(report);
  const effort = `${counted(report.iterations.length, 'iteration')}${elapsed === null ? '' : ` in ${durationWord(elapsed)}`}`;
  return [
    `${paint.bold(title)}${scores === '' ? '' : `  ${scores}`}`,
    `  ${visibleLine(artifactName(report))}${report.iterations.length === 0 ? '' : paint.dim(`, ${effort}`)}`,
    ...(report.reason === '' ? [] : [`  ${visibleLine(report.reason)}`]),
  ];
}

function scoreChange({ initialScore, finalScore, targetScore, findings }: Report, paint: Paint): string {
  if (finalScore === null) return '';
  const leftOut = splitFindings(findings).suppressed.length;
  const note = leftOut === 0 ? '' : `, ${counted(leftOut, 'finding')} left out`;
  const before = initialScore === null || initialScore === finalScore ? '' : `${scoreWord(initialScore)} ${paint.signs.arrow} `;
  return `${before}${paint.bold(scoreWord(finalScore))} ${paint.dim(`(target ${scoreWord(targetScore)}${note})`)}`;
}

/** More iterations than fit on a line are told by their beginning and their end. */
const trailEnds = 5;

function scoreTrail({ iterations }: Report, paint: Paint): string[] {
  if (iterations.length < 2) return [];
  const steps = iterations.map(({ score, accepted }) => (accepted ? scoreWord(score) : paint.dim(`${scoreWord(score)} refused`)));
  const shown = steps.length <= 2 * trailEnds ? steps : [...steps.slice(0, trailEnds), paint.signs.ellipsis, ...steps.slice(-trailEnds)];
  return [`  ${'iterations'.padEnd(13)}${shown.join(` ${paint.signs.arrow} `)}`];
}

function checkLines({ reviewers }: Report, paint: Paint): string[] {
  const told = reviewers.flatMap(({ id, outcome }) => (outcome === undefined ? [] : [`${visibleLine(checkOfSeat(id) ?? id)} ${outcome === 'passed' ? paint.good(outcome) : paint.bad(outcome)}`]));
  return told.length === 0 ? [] : [`  ${'checks'.padEnd(13)}${told.join(', ')}`];
}

function stepInLines({ reviewers }: Report, paint: Paint): string[] {
  return reviewers.flatMap(({ id, insteadOf }) => (insteadOf === undefined ? [] : [paint.fair(`  ${visibleLine(id)} stepped in for ${visibleLine(insteadOf.join(', '))}, which could not be reached or read.`)]));
}

function troubleLines({ error, reason, reviewers }: Report, paint: Paint): string[] {
  const engines = reviewers.flatMap((reviewer) => (reviewer.error === undefined ? [] : [`${visibleLine(reviewer.id)}: ${visibleLine(reviewer.error)}`]));
  const lines = engines.map((text) => `${paint.fair('Not assessed by')} ${text}`);
  if (error === null) return lines;
  const where = error.step === undefined ? '' : ` at step ${visibleLine(error.step)}`;
  const message = reason.includes(error.message) ? '' : `  ${visibleLine(error.message)}`;
  return [...lines, `${paint.bad(`${visibleLine(error.kind)} ${visibleLine(error.code)}`)}${where}${message}`];
}
