import { AppError } from '#domain/errors.ts';
import { allQueues, limitedQueues } from '#workflows/messages.ts';
import { nearestWord } from '#wire/nearest.ts';
import { runWorker } from '#client/services/worker-command.ts';
import { drainGraceMs, runningService } from '#client/session.ts';
import type { Call } from './call.ts';
import { loadCallSettings } from './call-settings.ts';
import type { ExitCode } from './exit-code.ts';


/** `koubou worker`: serves task queues of a named service, else of the local one that runs, until interrupted. */
export async function worker(call: Call): Promise<ExitCode> {
  const { program, output, flags } = call;
  const settings = await loadCallSettings(call);
  const { config, root } = settings;
  const queues = queuesOf(flags.text('queues'), config.settings.temporal.taskQueue, limitedQueues(config.settings.llm.providers));
  const place = await runningService(settings);
  if (place === null) throw new AppError('Unavailable', 'SERVICE_NOT_RUNNING', 'Workers need a Temporal service: name one by --address or TEMPORAL_ADDRESS. `koubou up` starts one of this machine together with its workers.');
  const say = (line: string): void => output.say(line);
  const startWorkers = await program.workers(config, { workspaceRoot: root.root, say });
  const served = queues === undefined ? {} : { queues };
  return (await runWorker({ address: place.address, namespace: place.namespace, ...served, startWorkers, graceMs: drainGraceMs, print: (line) => output.print(`${line}\n`), say })) as ExitCode;
}

/** Fails with InvalidInput QUEUE_UNKNOWN. */
export function queuesOf(text: string | undefined, prefix: string, more: readonly string[] = []): string[] | undefined {
  if (text === undefined) return undefined;
  const queues = [...new Set(text.split(',').map((name) => name.trim()).filter((name) => name !== ''))];
  const known = allQueues(prefix, more);
  const unknown = queues.length === 0 ? '' : queues.find((name) => !known.includes(name) && !name.startsWith(`${prefix}-llm-`));
  if (unknown === undefined) return queues;
  const meant = nearestWord(unknown, known);
  const hint = meant === undefined ? `Known are ${known.join(', ')} and ${prefix}-llm-PROVIDER.` : `Did you mean ${meant}?`;
  throw new AppError('InvalidInput', 'QUEUE_UNKNOWN', `There is no task queue ${JSON.stringify(unknown)}. ${hint}`);
}
