import type { Client, Connection } from '@temporalio/client';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { openLine, type RunLine } from '#client/list-runs.ts';
import { serviceStatus, type ServiceStatus } from '#client/services/status.ts';
import { openSessionStore } from '#client/session-store.ts';
import { limitedQueues } from '#workflows/messages.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { runsTable } from './runs-table.ts';
import { table } from './table.ts';

/** `koubou status [ID]`: one run, or the service with its queues and the runs that are open. Always 0 when it could look. */
export async function status(call: Call): Promise<ExitCode> {
  if (call.arguments.length > 0) return (await import('./status-of-run.ts')).statusOfRun(call);
  const settings = await loadCallSettings(call);
  const { service, runs } = await look(settings);
  if (call.flags.has('json')) call.output.json(statusJson(service, runs));
  else call.output.print(statusText(service, runs));
  return exitCodes.done;
}

interface Look {
  readonly service: ServiceStatus;
  readonly runs: readonly RunLine[];
}

// The runs are asked over the connection that the queues are asked over; the store is opened only where no service answers.
async function look(settings: CallSettings): Promise<Look> {
  let runs: readonly RunLine[] | null = null;
  const connect = async (address: string): Promise<Connection> => {
    const [{ connectTemporal }, { listOpenRuns }] = await Promise.all([import('#client/temporal-client.ts'), import('#client/open-runs.ts')]);
    const { namespace } = settings.config.settings.temporal;
    const client = await connectTemporal({ address, namespace, ...(settings.external === undefined ? {} : { environment: settings.config.temporalEnv }) });
    runs = await upToDate(client, (await listOpenRuns(client)).map(openLine));
    return client.connection as Connection;
  };
  const { places, settings: own } = settings.config;
  const service = await serviceStatus({ stateDir: places.stateDir, external: settings.external, prefix: own.temporal.taskQueue, more: limitedQueues(own.llm.providers), connect });
  return { service, runs: runs ?? (await storedOpenRuns(settings)) };
}

/** More runs than this are shown as the service's index tells them, which hears of each iteration at its end. */
const askedRuns = 20;

async function upToDate(client: Client, runs: readonly RunLine[]): Promise<RunLine[]> {
  const { askProgress } = await import('#client/await-run.ts');
  return Promise.all(runs.map(async (run, index) => {
    const progress = index < askedRuns ? await askProgress(client, run) : null;
    return progress === null ? run : { ...run, state: progress.state, score: progress.score, iteration: progress.iteration };
  }));
}

const shown = 1000;

async function storedOpenRuns(settings: CallSettings): Promise<RunLine[]> {
  const [store, { mergeRuns }] = await Promise.all([openSessionStore(settings), import('#client/list-runs.ts')]);
  try {
    return mergeRuns(await store.listRuns({ limit: shown }), []).filter(({ closedAt }) => closedAt === null);
  } finally {
    await store.close();
  }
}

function statusJson({ address, namespace, uiUrl, pid, version, queues, state, note }: ServiceStatus, runs: readonly RunLine[]): object {
  return { address, namespace, ui_url: uiUrl, pid, version, queues, runs: runs.map((run) => toSnakeKeys(run)), state, note };
}

function statusText(service: ServiceStatus, runs: readonly RunLine[]): string {
  const { state, address, namespace, uiUrl, pid, version, queues, note } = service;
  const facts = [
    ...(address === null ? [] : [`Temporal  ${address}, namespace ${namespace}${state === 'external' ? ' (not ours)' : ''}`]),
    ...(uiUrl === null ? [] : [`Web UI    ${uiUrl}`]),
    ...(pid === null ? [] : [`Process   ${pid}${version === null ? '' : `, version ${version}`}`]),
    ...(note === null ? [] : [note]),
  ];
  const served = table(['QUEUE', 'WORKERS', 'WAITING'], queues.map(({ name, pollers, backlog }) => [name, pollers === 0 ? 'none' : 'yes', String(backlog)]));
  const open = runsTable(runs) || 'No run is open.\n';
  return [`${facts.join('\n')}\n`, served, open].filter((part) => part !== '').join('\n');
}
