import type { Connection } from '@temporalio/client';
import { summarizeError } from '#domain/errors.ts';
import { diagnose, doctorExitCode, doctorJson, doctorText, type Diagnosis } from '#client/services/doctor.ts';
import { serviceStatus } from '#client/services/status.ts';
import { openSessionStore } from '#client/session-store.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** `koubou doctor`: looks at everything koubou needs; 0 when nothing is wrong, else 1. */
export async function doctor(call: Call): Promise<ExitCode> {
  const { program, output, flags } = call;
  const { settings, problems } = await loadOrTell(call);
  const { stateDir, cacheDir } = settings.config.places;
  const { searchPath, temporalBinary } = program.facts;
  const found = await diagnose({
    node: program.node,
    stateDir,
    temporal: { configured: temporalBinary, cacheDir, searchPath, environment: program.environment },
    service: () => lookAtService(settings),
    store: () => lookAtStore(settings),
    engines: () => program.probeEngines(),
    models: async () => (await program.listReviewers(settings.config)).filter(({ asksModel, role }) => asksModel && role === 'reviewer'),
  });
  const lines = [...problems, ...found];
  if (flags.has('json')) output.json(doctorJson(lines));
  else output.print(doctorText(lines).map((line) => `${line}\n`).join(''));
  return doctorExitCode(lines) === 0 ? exitCodes.done : exitCodes.below;
}

interface Loaded {
  readonly settings: CallSettings;
  /** What is wrong with the project's settings. */
  readonly problems: readonly Diagnosis[];
}

// A project's settings file that cannot be used is one of the things that doctor is asked about: the rest is looked at without it.
async function loadOrTell(call: Call): Promise<Loaded> {
  try {
    return { settings: await loadCallSettings(call), problems: [] };
  } catch (error) {
    const { message } = summarizeError(error);
    const settings = await loadCallSettings(call, { withoutProject: true });
    return { settings, problems: [{ name: 'settings', ok: 'fail', detail: message, fix: 'correct it; all else here was looked at without that file' }] };
  }
}

function lookAtService({ config, external }: CallSettings): ReturnType<typeof serviceStatus> {
  const { namespace, taskQueue } = config.settings.temporal;
  const connect = async (address: string): Promise<Connection> => {
    const { connectTemporal } = await import('#client/temporal-client.ts');
    const client = await connectTemporal({ address, namespace, ...(external === undefined ? {} : { environment: config.temporalEnv }) });
    return client.connection as Connection;
  };
  return serviceStatus({ stateDir: config.places.stateDir, external, prefix: taskQueue, connect });
}

async function lookAtStore(settings: CallSettings): Promise<{ kind: string; place: string; bytes: number }> {
  const store = await openSessionStore(settings);
  try {
    return await store.describe();
  } finally {
    await store.close();
  }
}
