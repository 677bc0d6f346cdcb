import { visibleLine } from '#reports/visible.ts';
import { displayWidth, fitTo } from '#reports/width.ts';
import { durationWord } from '#reports/wording.ts';
import type { RunProgress } from '#client/await-run.ts';
import { progressParts } from '#client/progress-words.ts';

/** What a progress display shows of a run. */
export interface Standing {
  /** Null until a worker has answered. */
  readonly progress: RunProgress | null;
  /** What is reviewed, as the user named it. */
  readonly name: string;
  readonly elapsedMs: number;
}

/** One line for a log: what is done, which iteration, the score so far. The same line as long as nothing changes. */
export function progressText({ progress, name }: Pick<Standing, 'progress' | 'name'>): string {
  const parts = progressParts(progress);
  return `${visibleLine(name)}: ${parts.join(', ')}`;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const asciiFrames = ['-', '\\', '|', '/'];
const frameMs = 120;

/** The live line of a terminal: the same with a sign of life and the time, cut to the width. */
export function liveText(standing: Standing, { width, unicode }: { readonly width: number; readonly unicode: boolean }): string {
  const { progress, name, elapsedMs } = standing;
  const signs = unicode ? frames : asciiFrames;
  const sign = signs[Math.floor(elapsedMs / frameMs) % signs.length]!;
  const line = `${sign} ${[...progressParts(progress), clock(elapsedMs)].join(unicode ? ' · ' : ', ')}`;
  const room = width - 1 - displayWidth(line) - 2;
  const ellipsis = unicode ? '…' : '...';
  const shown = room < 8 ? '' : `  ${fitFromRight(visibleLine(name), room, ellipsis)}`;
  return fitTo(line + shown, width - 1, ellipsis);
}

// Whole seconds: tenths would flicker.
function clock(elapsedMs: number): string {
  return elapsedMs < 1_000 ? '0 s' : durationWord(Math.floor(elapsedMs / 1_000) * 1_000);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

// The end of a path tells more than its beginning.
function fitFromRight(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text;
  const letters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  while (letters.length > 0 && displayWidth(ellipsis) + displayWidth(letters.join('')) > width) letters.shift();
  return ellipsis + letters.join('');
}
