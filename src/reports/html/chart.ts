import type { IterationReport, Report } from '#domain/report.ts';
import { artifactName, counted, scoreWord } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

// Positions are percent across and pixels down: the chart is as wide as its column and its text keeps its size.
const height = 248;
const top = 28;
const bottom = 204;
const left = 9;
const right = 88;

/** With more points than this only some carry their score in figures. */
const labelsShown = 12;

interface Point {
  readonly iteration: IterationReport;
  readonly x: number;
  /** Null where there is no score. */
  readonly y: number | null;
}

/** The score of every iteration beside the target, as inline SVG; nothing for a run without iterations. */
export function scoreChart(report: Report): Html | null {
  if (report.iterations.every((iteration) => iteration.score === null)) return null;
  const floor = floorOf(report);
  const points = report.iterations.map((iteration, index): Point => ({ iteration, x: across(index, report.iterations.length), y: down(iteration.score, floor) }));
  return html`<svg class="chart" width="100%" height="${height}" role="img" aria-labelledby="chart-title chart-desc">
<title id="chart-title">Score per iteration of ${artifactName(report)}</title>
<desc id="chart-desc">${describe(report)}</desc>
${ticks(floor).map((score) => tick(score, down(score, floor)!))}
${target(report.targetScore, down(report.targetScore, floor)!)}
${segments(points)}
<text class="axis caption" x="0" y="${bottom + 26}">iteration</text>
${points.map((point, index) => mark(point, isLabelled(index, points, report), report.bestRevision?.iteration === point.iteration.iteration))}
</svg>`;
}

// The axis begins a little below the lowest score, at a multiple of 20, and always ends at 100.
function floorOf({ iterations, targetScore }: Report): number {
  const lowest = Math.min(targetScore, ...iterations.map((iteration) => iteration.score ?? 100));
  return Math.max(0, Math.min(80, Math.floor((lowest - 8) / 20) * 20));
}

function ticks(floor: number): number[] {
  const step = floor >= 60 ? 10 : 20;
  return Array.from({ length: (100 - floor) / step + 1 }, (_, index) => floor + index * step);
}

function across(index: number, count: number): number {
  return count === 1 ? (left + right) / 2 : left + ((right - left) * index) / (count - 1);
}

function down(score: number | null, floor: number): number | null {
  if (score === null) return null;
  const share = (Math.max(floor, Math.min(100, score)) - floor) / (100 - floor);
  return Math.round(bottom - share * (bottom - top));
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}

function tick(score: number, y: number): Html {
  return html`<line class="grid" x1="5%" x2="${percent(right + 3)}" y1="${y}" y2="${y}"/><text class="axis" x="0" y="${y + 4}">${score}</text>
`;
}

function target(score: number, y: number): Html {
  return html`<line class="target" x1="5%" x2="100%" y1="${y}" y2="${y}"/><text class="target-word" x="100%" y="${y - 7}" text-anchor="end">target ${scoreWord(score)}</text>`;
}

// Accepted revisions are joined; a refused one hangs on the best before it.
function segments(points: readonly Point[]): Html[] {
  const lines: Html[] = [];
  let best: Point | null = null;
  for (const point of points) {
    if (best !== null && best.y !== null && point.y !== null) {
      const name = point.iteration.accepted ? 'path' : 'path refused';
      lines.push(html`<line class="${name}" x1="${percent(best.x)}" y1="${best.y}" x2="${percent(point.x)}" y2="${point.y}"/>`);
    }
    if (point.iteration.accepted) best = point;
  }
  return lines;
}

function mark({ iteration, x, y }: Point, labelled: boolean, isBest: boolean): Html {
  const at = percent(x);
  const number = labelled ? html`<text class="axis" x="${at}" y="${bottom + 26}" text-anchor="middle">${iteration.iteration}</text>` : null;
  if (y === null) return html`<text class="axis" x="${at}" y="${bottom - 6}" text-anchor="middle">no score</text>${number}`;
  const verdict = iteration.accepted ? 'accepted' : 'refused';
  const label = labelled ? html`<text class="${isBest ? 'label best' : 'label'}" x="${at}" y="${iteration.accepted ? y - 13 : y + 23}" text-anchor="middle">${scoreWord(iteration.score)}</text>` : null;
  return html`<g><title>Iteration ${iteration.iteration}: ${scoreWord(iteration.score)}, ${verdict}</title>${dot(at, y, { verdict, isBest })}${label}${number}</g>
`;
}

function dot(x: string, y: number, { verdict, isBest }: { readonly verdict: string; readonly isBest: boolean }): Html {
  if (verdict === 'refused') return html`<circle class="dot refused" cx="${x}" cy="${y}" r="6"/><text class="cross" x="${x}" y="${y + 4}" text-anchor="middle">×</text>`;
  const ring = isBest ? html`<circle class="ring" cx="${x}" cy="${y}" r="9"/>` : null;
  return html`${ring}<circle class="dot" cx="${x}" cy="${y}" r="5"/>`;
}

function isLabelled(index: number, points: readonly Point[], report: Report): boolean {
  if (points.length <= labelsShown || index === 0 || index === points.length - 1) return true;
  const best = report.bestRevision?.iteration === points[index]!.iteration.iteration;
  const step = Math.ceil(points.length / labelsShown);
  return best || (index % step === 0 && index < points.length - step / 2);
}

function describe({ iterations, targetScore }: Report): string {
  const steps = iterations.map(({ iteration, score, accepted }) => `${iteration}: ${scoreWord(score)}${accepted ? '' : ' (refused)'}`);
  return `${counted(iterations.length, 'iteration')}, target ${scoreWord(targetScore)}. ${steps.join(', ')}.`;
}
