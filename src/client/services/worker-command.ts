import { AppError } from '#domain/errors.ts';
import { drain, keepWorkers, type StartWorkers } from './keep-workers.ts';
import { aborted, listenForStop } from './stop-request.ts';
import { answers } from './tcp.ts';

export interface WorkerCommand {
  readonly address: string;
  readonly namespace: string;
  /** All where absent. */
  readonly queues?: readonly string[];
  readonly startWorkers: StartWorkers;
  /** How long the workers let steps in hand go on. */
  readonly graceMs: number;
  readonly print: (line: string) => void;
  readonly say: (line: string) => void;
}

/**
 * `koubou worker`: serves task queues of a service that runs elsewhere until it is told to stop.
 *
 * Out     the exit code: 0 stopped in order · 130 steps in hand were left behind, and would keep the process alive
 * Fails   Unavailable SERVICE_NOT_ANSWERING, WORKERS_DIED · what the workers fail with at their first start
 */
export async function runWorker(command: WorkerCommand): Promise<number> {
  const { address, namespace, queues } = command;
  if (!(await answers(address, 5_000))) {
    throw new AppError('Unavailable', 'SERVICE_NOT_ANSWERING', `Nothing answers at ${address}. Start the Temporal service there, or name another one by --address or TEMPORAL_ADDRESS.`);
  }
  const stop = listenForStop();
  const alive = setInterval(() => undefined, 3_600_000);
  try {
    const place = queues === undefined ? { address, namespace } : { address, namespace, queues };
    const workers = await keepWorkers({ start: () => command.startWorkers(place), say: command.say });
    command.print(`Koubou workers are connected to ${address}, namespace ${namespace}${queues === undefined ? '' : `, for ${queues.join(', ')}`}.`);
    const failed = await Promise.race([aborted(stop.asked).then(() => null), workers.gaveUp]);
    const isDrained = await drain(command, workers, stop.now);
    if (failed !== null) throw failed;
    return isDrained ? 0 : 130;
  } finally {
    clearInterval(alive);
    stop.release();
  }
}
