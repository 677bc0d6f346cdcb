import type { Connection } from '@temporalio/client';
import { AppError, summarizeError } from '#domain/errors.ts';
import { diagnose, doctorExitCode, doctorJson, doctorText, type Diagnosis } from '#client/services/doctor.ts';
import type { ModelProbe } from '#client/services/doctor-service.ts';
import { serviceStatus } from '#client/services/status.ts';
import { openSessionStore } from '#client/session-store.ts';
import { limitedQueues } from '#workflows/messages.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings, type LoadGiven } from './call-settings.ts';
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
    models: () => lookAtModels(call, settings),
  });
  const lines = [...problems, ...found];
  if (flags.has('json')) output.json(doctorJson(lines));
  else output.print(doctorText(lines).map((line) => `${line}\n`).join(''));
  return doctorExitCode(lines) === 0 ? exitCodes.done : exitCodes.below;
}

interface Loaded {
  readonly settings: CallSettings;
  /** What is wrong with the settings. */
  readonly problems: readonly Diagnosis[];
}

/** What is left out in turn until the rest can be read. */
const leavingOut: readonly LoadGiven[] = [
  {}, { withoutUser: true }, { withoutProject: true }, { withoutUser: true, withoutProject: true }, { withoutVariables: true }, { withoutUser: true, withoutProject: true, withoutVariables: true },
];

// Settings that cannot be used are one of the things that doctor is asked about: the rest is looked at without them.
async function loadOrTell(call: Call): Promise<Loaded> {
  const problems = new Set<string>();
  for (const without of leavingOut) {
    try {
      const settings = await loadCallSettings(call, without);
      return { settings, problems: [...problems].map((detail) => ({ name: 'settings', ok: 'fail', detail, fix: 'correct it; all else here was looked at without it' })) };
    } catch (error) {
      const { code, message } = summarizeError(error);
      // Without a folder to stand in there is nothing to look at.
      if (code.startsWith('ROOT_')) throw error;
      problems.add(message);
    }
  }
  throw new AppError('Misconfigured', 'CONFIG_INVALID', [...problems].join(' '));
}

function lookAtService({ config, external }: CallSettings): ReturnType<typeof serviceStatus> {
  const { temporal: { namespace, taskQueue }, llm } = config.settings;
  const connect = async (address: string): Promise<Connection> => {
    const { connectTemporal } = await import('#client/temporal-client.ts');
    const client = await connectTemporal({ address, namespace, ...(external === undefined ? {} : { environment: config.temporalEnv }) });
    return client.connection as Connection;
  };
  return serviceStatus({ stateDir: config.places.stateDir, external, prefix: taskQueue, more: limitedQueues(llm.providers), connect });
}

async function lookAtModels({ program, flags }: Call, { config }: CallSettings): Promise<ModelProbe[]> {
  const none: Awaited<ReturnType<typeof program.probeModels>> = {};
  const [facts, answers] = await Promise.all([program.listReviewers(config), flags.has('probe') ? program.probeModels(config) : none]);
  const models = facts.filter(({ asksModel, role }) => asksModel && role === 'reviewer');
  return models.map((model) => ({ ...model, ...(answers[model.id] === undefined ? {} : { answer: answers[model.id]! }) }));
}

async function lookAtStore(settings: CallSettings): Promise<{ kind: string; place: string; bytes: number }> {
  const store = await openSessionStore(settings);
  try {
    return await store.describe();
  } finally {
    await store.close();
  }
}
