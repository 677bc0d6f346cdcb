import { runAgent, type AgentEnd } from '#io/agent-process.ts';
import { findProgram, type Program } from '#io/agent-program.ts';
import { makeJailScratch, type JailScratch } from '#io/jail-scratch.ts';
import { findJail, type JailKind } from '#io/jail.ts';
import { createValueRedactor } from '#reviewers/providers/redact-values.ts';
import { maxAnswerBytes, type AskContext, type ModelAnswer, type ModelProvider, type ModelRequest, type ProviderFacts } from '#reviewers/providers/provider.ts';
import type { AgentAdapter, AgentCall, AgentQuestion, Login } from './adapter.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { agentEnvironment } from './environment.ts';
import { AgentFault, faultError } from './faults.ts';
import { toldError } from './told-error.ts';
import { gemini } from './gemini.ts';
import { findLogin, secretsOf } from './login.ts';
import { opencode } from './opencode.ts';

export interface AgentOptions {
  readonly id: AgentId;
  /** As the agent names it; its own choice where absent. */
  readonly model?: string;
  /** A command or an absolute file; default: the agent's own name. */
  readonly executable?: string;
  /** The worker's environment. Little of it reaches the agent. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder of the worker's own; each run gets a private folder in it. */
  readonly scratchRoot: string;
  /** Folders whose programs are never run, such as those that are reviewed. */
  readonly untrustedFolders?: readonly string[];
  /** Another address than the vendor's; default: the agent's own variable for it. */
  readonly baseUrl?: string;
  /** Jails that may be used; default: all. */
  readonly jails?: readonly JailKind[];
  /** Colon-separated folders of bwrap, unshare and setpriv; default: the system's. */
  readonly jailTools?: string;
}

interface Agent {
  readonly adapter: AgentAdapter;
  readonly options: AgentOptions;
  /** What the program told of itself, by its file. */
  readonly inquired: Map<string, Promise<string | null>>;
}

/** A prompt that begins with '/' would be a command of some agents. */
const opening = 'The question:\n\n';
/** JSON around each piece of an answer, and the prompt that some agents repeat, come on top of the answer. */
const outputFactor = 3;

/** Every agent there is. */
const adapters = { codex, claude, gemini, opencode, copilot } satisfies Record<string, AgentAdapter>;
export type AgentId = keyof typeof adapters;
export const agentIds = Object.keys(adapters) as readonly AgentId[];

/** An agent's command line as a model that is asked: without tools, without the project, in a jail. */
export function createAgentProvider(options: AgentOptions): ModelProvider {
  const agent: Agent = { adapter: adapters[options.id], options, inquired: new Map() };
  return { id: options.id, kind: 'agent', ask: (request, context) => ask(agent, request, context), facts: () => facts(agent) };
}

async function ask(agent: Agent, request: ModelRequest, context: AskContext): Promise<ModelAnswer> {
  context.signal.throwIfAborted();
  const { adapter, options } = agent;
  const program = programOf(agent);
  if (program === null) throw faultError('notFound', { agent: adapter.name });
  const login = findLogin(adapter.logins(options.model ?? null), options.environment);
  if (login === null) throw faultError('noLogin', { agent: adapter.name, hint: adapter.loginHelp });
  const inquiry = await inquire(agent, program);
  const scratch = makeJailScratch(options.scratchRoot);
  try {
    const question = { request, model: options.model ?? null, login, baseUrl: baseUrlOf(agent), home: scratch.home, inquiry };
    return await answerTo(question, { agent, program, scratch, context });
  } finally {
    scratch.remove();
  }
}

interface Asking {
  readonly agent: Agent;
  readonly program: Program;
  readonly scratch: JailScratch;
  readonly context: AskContext;
}

async function answerTo(question: AgentQuestion, asking: Asking): Promise<ModelAnswer> {
  const { agent: { adapter, options }, scratch } = asking;
  const redact = createValueRedactor(secretsOf(question.login, options.environment));
  const call = adapter.prepare(question);
  for (const [file, text] of Object.entries(call.files)) scratch.write(file, text);
  for (const [file, target] of Object.entries(call.links ?? {})) scratch.link(file, target);
  let end: AgentEnd | undefined;
  try {
    end = await runCall(call, question.login, asking);
    const answer = adapter.read({ ...end, question, left: (file) => scratch.read(file) });
    // What was said before a crash may be half of it.
    if (end.exitCode !== 0 && answer.finish !== 'length') throw new AgentFault('crashed');
    if (answer.text.trim() === '' && answer.finish !== 'length') throw new AgentFault('noAnswer');
    if (Buffer.byteLength(answer.text) > maxAnswerBytes) throw new AgentFault('tooLarge');
    return { ...answer, text: redact(answer.text), model: redact(answer.model) };
  } catch (error) {
    asking.context.signal.throwIfAborted();
    throw toldError(error, { agent: adapter.name, login: question.login, end, redact });
  }
}

async function runCall(call: AgentCall, login: Login, { agent: { adapter, options }, program, scratch, context }: Asking): Promise<AgentEnd> {
  const environment = agentEnvironment(options.environment, scratch, adapter.passes);
  return runAgent({
    ...(await placeOf(options, program, [scratch.root, ...(call.writable ?? [])])),
    args: [...program.args, ...call.args],
    env: { ...environment, ...call.environment, ...login.environment },
    cwd: scratch.cwd,
    marker: scratch.marker,
    input: opening + call.input,
    timeoutMs: context.timeoutMs,
    maxBytes: outputFactor * (maxAnswerBytes + Buffer.byteLength(call.input)),
    signal: context.signal,
    ...(adapter.exitsEarly === true ? { outputFile: `${scratch.root}/output` } : {}),
    ...(adapter.endsAfterMs === undefined ? {} : { endsAfterMs: adapter.endsAfterMs }),
  });
}

async function placeOf(options: AgentOptions, program: Program, writable: readonly string[]) {
  const home = options.environment['HOME'];
  return {
    jail: await findJail(options.jails, options.jailTools),
    command: program.command,
    writable,
    readable: program.folders,
    hidden: home === undefined ? [] : [home],
    network: true,
  };
}

function programOf({ adapter, options }: Agent): Program | null {
  return findProgram({
    command: options.executable ?? adapter.id,
    searchPath: options.environment['PATH'] ?? '',
    untrustedFolders: options.untrustedFolders ?? [],
    natives: adapter.natives,
  });
}

function baseUrlOf({ adapter, options }: Agent): string | null {
  const variable = adapter.baseUrlVariable;
  return options.baseUrl ?? (variable === null ? null : (options.environment[variable] ?? null));
}

async function inquire(agent: Agent, program: Program): Promise<string | null> {
  const args = agent.adapter.inquiry;
  if (args === undefined) return null;
  const known = agent.inquired.get(program.command) ?? consult(agent, program, args);
  agent.inquired.set(program.command, known);
  const told = await known;
  if (told === null) agent.inquired.delete(program.command);
  return told;
}

/** What the program prints when it is asked about itself; null when it fails. */
async function consult({ options }: Agent, program: Program, args: readonly string[]): Promise<string | null> {
  const scratch = makeJailScratch(options.scratchRoot);
  try {
    const end = await runAgent({
      ...(await placeOf(options, program, [scratch.root])),
      network: false,
      args: [...program.args, ...args],
      env: agentEnvironment({}, scratch),
      cwd: scratch.cwd,
      marker: scratch.marker,
      input: '',
      timeoutMs: 20_000,
      maxBytes: 20_000_000,
      signal: new AbortController().signal,
    });
    return end.exitCode === 0 ? end.stdout : null;
  } catch {
    return null;
  } finally {
    scratch.remove();
  }
}

async function facts(agent: Agent): Promise<ProviderFacts> {
  const { adapter, options } = agent;
  const program = programOf(agent);
  const told = program === null ? null : await consult(agent, program, ['--version']);
  const version = /\d+\.\d+\.\d+(?:-[\w.]+)?/.exec(told ?? '')?.[0] ?? null;
  const login = findLogin(adapter.logins(options.model ?? null), options.environment);
  return {
    id: adapter.id,
    kind: 'agent',
    version,
    model: options.model ?? 'default',
    login: login?.told ?? null,
    jail: (await findJail(options.jails, options.jailTools)).kind,
    problem: problemOf(adapter, { program, version, login }),
  };
}

function problemOf({ name, loginHelp }: AgentAdapter, { program, version, login }: { program: Program | null; version: string | null; login: Login | null }): string | null {
  if (program === null) return faultError('notFound', { agent: name }).message;
  if (version === null) return faultError('notExecutable', { agent: name }).message;
  return login === null ? faultError('noLogin', { agent: name, hint: loginHelp }).message : null;
}
