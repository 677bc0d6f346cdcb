import type { DraftReport } from '#domain/report.ts';
import { draftSentence } from '#reports/draft-rows.ts';
import { visibleLine } from '#reports/visible.ts';
import type { Output } from './output.ts';

/** Tells once, on standard error, what a task was drafted as. */
export function draftTeller({ say }: Pick<Output, 'say'>): (drafted: Pick<DraftReport, 'by' | 'chosen'> | undefined) => void {
  let told = false;
  return (drafted) => {
    if (told || drafted === undefined) return;
    told = true;
    say(visibleLine(draftSentence(drafted)));
  };
}
