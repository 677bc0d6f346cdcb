import type { Connection } from '@temporalio/client';
import { diagnose, doctorExitCode, doctorJson, doctorText } from '#client/services/doctor.ts';
import { serviceStatus } from '#client/services/status.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { openCallStore } from './open-store.ts';

/** `koubou doctor`: looks at everything koubou needs; 0 when nothing is wrong, else 1. */
export async function doctor(call: Call): Promise<ExitCode> {
  const { program, output, flags } = call;
  const settings = await loadCallSettings(call);
  const { stateDir, cacheDir } = settings.config.places;
  const { searchPath, temporalBinary } = program.facts;
  const lines = await diagnose({
    node: program.node,
    stateDir,
    temporal: { configured: temporalBinary, cacheDir, searchPath, environment: program.environment },
    service: () => lookAtService(settings),
    store: () => lookAtStore(settings),
    engines: () => program.probeEngines(),
    models: async () => (await program.listReviewers(settings.config)).filter(({ asksModel, role }) => asksModel && role === 'reviewer'),
  });
  if (flags.has('json')) output.json(doctorJson(lines));
  else output.print(doctorText(lines).map((line) => `${line}\n`).join(''));
  return doctorExitCode(lines) === 0 ? exitCodes.done : exitCodes.below;
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
  const store = await openCallStore(settings);
  try {
    return await store.describe();
  } finally {
    await store.close();
  }
}
