import { AppError } from '#domain/errors.ts';
import type { AgentEnd } from '#io/agent-process.ts';
import type { Login } from './adapter.ts';
import { AgentFault, faultError, faultOfEnd, type Fault } from './faults.ts';

export interface Told {
  /** The agent's name. */
  readonly agent: string;
  readonly login: Login;
  /** Absent where it never ran to an end. */
  readonly end: AgentEnd | undefined;
  readonly redact: (text: string) => string;
}

const faultsOfProcess: Readonly<Record<string, Fault>> = {
  COMMAND_TIMED_OUT: 'timedOut', OUTPUT_TOO_LARGE: 'tooLarge', COMMAND_NOT_FOUND: 'notFound', COMMAND_NOT_EXECUTABLE: 'notExecutable',
};

/** What was raised while an agent ran, as its provider may raise it; what is no fault of an agent stays as it is. */
export function toldError(error: unknown, { agent, login, end, redact }: Told): unknown {
  const raised = agentFault(error, end);
  if (raised === null) return error;
  const { fault, status, retryAfterMs } = raised;
  return faultError(fault, {
    agent,
    status,
    ...(fault === 'loginRefused' || fault === 'quota' ? { hint: `It used the ${login.told}.` } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(end === undefined ? {} : { cause: causeOf(end, redact) }),
  });
}

function agentFault(error: unknown, end: AgentEnd | undefined): AgentFault | null {
  if (error instanceof AgentFault) return error.fault === 'noAnswer' && end !== undefined ? new AgentFault(faultOfEnd(end)) : error;
  const fault = error instanceof AppError ? faultsOfProcess[error.code] : undefined;
  return fault === undefined ? null : new AgentFault(fault);
}

// For the log alone: a message holds no words but ours.
function causeOf({ exitCode, signal, stderr }: AgentEnd, redact: (text: string) => string): Error {
  return new Error(`exit code ${exitCode}, signal ${signal}: ${redact(stderr).slice(-2_000)}`);
}
