import type { Diagnosis } from './doctor.ts';
import type { ServiceStatus } from './status.ts';

export interface StoreProbe {
  readonly kind: string;
  /** Without a password. */
  readonly place: string;
  readonly bytes?: number | undefined;
}

export interface EngineProbe {
  readonly id: string;
  readonly version: string;
  /** Why it cannot be loaded. */
  readonly error?: string | undefined;
}

const start = 'koubou up --detach';

export function checkService(status: ServiceStatus): Diagnosis {
  const name = 'service';
  if (status.state === 'live' || status.state === 'external') {
    const ui = status.uiUrl === null ? '' : `, Web UI ${status.uiUrl}`;
    return { name, ok: 'ok', detail: `${status.address}, namespace ${status.namespace}${ui}` };
  }
  const detail = status.note ?? status.state;
  if (status.state === 'unreachable') return { name, ok: 'fail', detail, fix: 'Start that service, or name none to use one of your own' };
  if (status.state === 'silent') return { name, ok: 'fail', detail, fix: `koubou down, then ${start}` };
  return status.state === 'none' || status.state === 'stale' ? { name, ok: 'warn', detail, fix: start } : { name, ok: 'warn', detail };
}

/** null where the service could not be asked, which is told in its own line. */
export function checkQueues(status: ServiceStatus | null): Diagnosis {
  const name = 'queues';
  if (status === null || status.queues.length === 0) return { name, ok: 'warn', detail: 'not asked: no service answers' };
  const unserved = status.queues.filter(({ pollers }) => pollers === 0).map((queue) => queue.name);
  const detail = status.queues.map((queue) => `${queue.name} ${queue.pollers}`).join(', ');
  if (unserved.length === 0) return { name, ok: 'ok', detail: `pollers: ${detail}` };
  return { name, ok: 'fail', detail: `no worker serves ${unserved.join(', ')}`, fix: `koubou worker --queues ${unserved.join(',')}` };
}

export function checkStore({ kind, place, bytes }: StoreProbe): Diagnosis {
  const size = bytes === undefined ? '' : ` (${(bytes / 1_000_000).toFixed(1)} MB)`;
  return { name: 'store', ok: 'ok', detail: `${kind} at ${place}${size}` };
}

/** A model that a request may name. */
export interface ModelProbe {
  readonly id: string;
  readonly version: string;
  readonly model?: string;
  readonly login?: string | null;
  readonly problem?: string | null;
  /** What came of a short question, where one was asked. */
  readonly answer?: { readonly durationMs: number; readonly tokens: number | null; readonly error: string | null };
}

/** One line for each model that can be asked, and one for those that cannot: nobody needs them all. */
export function checkModels(models: readonly ModelProbe[]): Diagnosis[] {
  const usable = models.filter(({ problem }) => problem == null);
  const others = models.filter(({ problem }) => problem != null).map(({ id }) => id);
  const lines = usable.map(checkModel);
  return others.length === 0 ? lines : [...lines, { name: 'models', ok: 'ok', detail: `not set up: ${others.join(', ')} (\`koubou reviewers\` tells what each of them lacks)` }];
}

function checkModel({ id, version, model, login, answer }: ModelProbe): Diagnosis {
  const known = [version, model, login].filter((part) => part != null && part !== '').join(', ');
  const name = `model ${id}`;
  if (answer === undefined) return { name, ok: 'ok', detail: known };
  if (answer.error !== null) return { name, ok: 'fail', detail: `${known}: ${answer.error}`, fix: 'correct it as docs/providers.md shows, or name another model' };
  const tokens = answer.tokens === null ? '' : `, ${answer.tokens} tokens`;
  return { name, ok: 'ok', detail: `${known}; answered in ${(answer.durationMs / 1_000).toFixed(1)} s${tokens}` };
}

/** One line for each engine. */
export function checkEngines(engines: readonly EngineProbe[]): Diagnosis[] {
  if (engines.length === 0) return [{ name: 'engines', ok: 'fail', detail: 'none is registered', fix: 'Install koubou again; in a checkout: npm ci' }];
  return engines.map(({ id, version, error }) =>
    error === undefined
      ? { name: `engine ${id}`, ok: 'ok', detail: version }
      : { name: `engine ${id}`, ok: 'fail', detail: error, fix: 'Install koubou again; in a checkout: npm ci' },
  );
}
