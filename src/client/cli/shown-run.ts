import { findRunPlace, type RunPlace } from '#client/run-place.ts';
import type { Call } from './call.ts';
import { exitCodes } from './exit-code.ts';
import type { FinishOptions } from './finish-run.ts';
import type { ReportOptions } from './report-options.ts';
import { webUiLink, type ReadingSession } from './session.ts';

/** The run that the first argument of a call means; asks the service too where one answers. */
export function findShownRun({ arguments: [id = ''] }: Call, { store, session }: ReadingSession): Promise<RunPlace> {
  return session === null ? findRunPlace(id, store, null) : session.reviews.find(id);
}

/** How the result of a run is shown that was not started by this call. */
export function finishOptions({ output, program }: Call, { store, session, config }: ReadingSession, options: ReportOptions): FinishOptions {
  const webUi: FinishOptions['webUi'] = (place) => (session === null ? undefined : webUiLink(session, place));
  return { output, config, options, command: program.command, webUi, store, empty: exitCodes.nothing };
}
