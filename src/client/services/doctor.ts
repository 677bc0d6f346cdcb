import { setTimeout as sleep } from 'node:timers/promises';
import { summarizeError } from '#domain/errors.ts';
import { checkDisk, checkGit, checkNode, checkPaths, checkSandbox, checkTemporal, type Tools } from './doctor-machine.ts';
import { checkEngines, checkModels, checkQueues, checkService, checkStore, type EngineProbe, type ModelProbe, type StoreProbe } from './doctor-service.ts';
import type { ServiceStatus } from './status.ts';

/** One line of `koubou doctor`. */
export interface Diagnosis {
  readonly name: string;
  /** warn: works, or will, but something is to be known · fail: reviews cannot run like this */
  readonly ok: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; with every warn and fail that something can be done about. */
  readonly fix?: string;
}

/** What doctor cannot find out by itself; each may throw, which is then told in its line. */
export interface DoctorProbes extends Tools {
  readonly service: () => Promise<ServiceStatus>;
  readonly store: () => Promise<StoreProbe>;
  /** Loads every engine. */
  readonly engines: () => Promise<readonly EngineProbe[]>;
  /** Looks for programs, keys and logins, and asks each model a short question where that was wanted. */
  readonly models: () => Promise<readonly ModelProbe[]>;
}

const limitMs = 20_000;
/** A model that is asked may have to be loaded first. */
const modelsLimitMs = 90_000;

/** Looks at everything that reviews need, changes nothing, and starts no service. Lines come in a fixed order. */
export async function diagnose(probes: DoctorProbes): Promise<Diagnosis[]> {
  const service = probes.service();
  service.catch(() => undefined);
  const before = await Promise.all([
    within('node', () => checkNode(probes)),
    within('git', () => checkGit(probes)),
    within('temporal', () => checkTemporal(probes)),
    within('service', async () => checkService(await service)),
    within('queues', async () => checkQueues(await service.catch(() => null))),
    within('store', async () => checkStore(await probes.store())),
    within('disk', () => checkDisk(probes)),
  ]);
  // Loading engines keeps this process busy for seconds, in which it hears no answer of a service.
  const engines = await within('engines', async () => checkEngines(await probes.engines()));
  const after = await Promise.all([within('paths', () => checkPaths()), within('sandbox', () => checkSandbox(probes))]);
  const models = await within('models', async () => checkModels(await probes.models()), modelsLimitMs);
  return [...before.flat(), ...engines, ...models, ...after.flat()];
}

type Lines = Diagnosis | readonly Diagnosis[];

// A check that hangs or breaks is a line like any other.
async function within(name: string, check: () => Lines | Promise<Lines>, waitMs: number = limitMs): Promise<readonly Diagnosis[]> {
  const over = new AbortController();
  const late = sleep(waitMs, undefined, { signal: over.signal }).then((): Lines => ({ name, ok: 'fail', detail: `no answer within ${waitMs / 1_000} s` }));
  late.catch(() => undefined);
  try {
    return [await Promise.race([Promise.resolve().then(check), late])].flat();
  } catch (error) {
    return [{ name, ok: 'fail', detail: summarizeError(error).message }];
  } finally {
    over.abort();
  }
}

/** 0 when nothing fails, else 1; a warning is no failure. */
export function doctorExitCode(lines: readonly Diagnosis[]): 0 | 1 {
  return lines.some((line) => line.ok === 'fail') ? 1 : 0;
}

/** One line a check, its fix on the next one. */
export function doctorText(lines: readonly Diagnosis[]): string[] {
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.flatMap(({ name, ok, detail, fix }) => [
    `${ok.padEnd(4)}  ${name.padEnd(width)}  ${detail}`,
    ...(fix === undefined ? [] : [`${' '.repeat(8 + width)}→ ${fix}`]),
  ]);
}

/** The same for programs. */
export function doctorJson(lines: readonly Diagnosis[]): { schema: 'koubou.doctor/1'; ok: boolean; checks: readonly Diagnosis[] } {
  return { schema: 'koubou.doctor/1', ok: doctorExitCode(lines) === 0, checks: lines };
}
