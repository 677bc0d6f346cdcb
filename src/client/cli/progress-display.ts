import type { RunProgress } from '#client/await-run.ts';
import type { Output } from './output.ts';
import { liveText, progressText } from './progress-text.ts';

/** Shows how a run goes on: one redrawn line on a terminal, elsewhere a line whenever something changed. */
export interface ProgressDisplay {
  update(progress: RunProgress): void;
  /** Takes the live line away; nothing is drawn afterwards. */
  end(): void;
}

const redrawMs = 120;
/** A terminal that does not tell its width. */
const usualWidth = 80;

export function showProgress(output: Output, name: string, now: () => number = () => performance.now()): ProgressDisplay {
  const begun = now();
  let progress: RunProgress | null = null;
  if (!output.progress.live) return linesOnChange(output, name);
  const { width = usualWidth, unicode } = output.progress;
  const draw = (): void => output.redraw(liveText({ progress, name, elapsedMs: now() - begun }, { width, unicode }));
  draw();
  const timer = setInterval(draw, redrawMs);
  timer.unref();
  return {
    update: (next) => {
      progress = next;
      draw();
    },
    end: () => {
      clearInterval(timer);
      output.redraw('');
    },
  };
}

function linesOnChange(output: Output, name: string): ProgressDisplay {
  let said = '';
  return {
    update: (progress) => {
      const line = progressText({ progress, name });
      if (line !== said) output.say(line);
      said = line;
    },
    end: () => undefined,
  };
}
