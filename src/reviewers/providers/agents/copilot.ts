import { eventsOf, fieldsAt, numberAt, textAt, type Fields } from './events.ts';
import { AgentFault, faultOfStatus, faultOfText } from './faults.ts';
import { withSchema } from './schema-instruction.ts';
import type { AgentAdapter, AgentCall, AgentOutcome, AgentQuestion } from './adapter.ts';
import type { ModelAnswer } from '#reviewers/providers/provider.ts';

const native = `copilot-${process.platform}-${process.arch}/copilot`;

/** GitHub's Copilot CLI, 1.0: with a login to GitHub, or with a model of one's own (COPILOT_PROVIDER_*). */
export const copilot: AgentAdapter = {
  id: 'copilot',
  name: 'Copilot',
  natives: [`../${native}`, `node_modules/@github/${native}`],
  logins: () => [
    { variable: 'COPILOT_PROVIDER_API_KEY', word: 'key' },
    { variable: 'COPILOT_GITHUB_TOKEN', word: 'login' },
    { variable: 'GH_TOKEN', word: 'login' },
    { variable: 'GITHUB_TOKEN', word: 'login' },
  ],
  loginHelp: 'Set COPILOT_GITHUB_TOKEN, or COPILOT_PROVIDER_API_KEY and COPILOT_PROVIDER_BASE_URL.',
  baseUrlVariable: 'COPILOT_PROVIDER_BASE_URL',
  passes: ['COPILOT_MODEL', 'COPILOT_PROVIDER_TYPE', 'COPILOT_PROVIDER_WIRE_API'],
  // It would try again up to five times, and let a model call for ever what it was not offered.
  endsAfterMs: (line) => (line.includes('"type":"model.call_failure"') || line.includes('"type":"tool.') ? 0 : null),
  prepare,
  read,
};

function prepare({ request, model, login, baseUrl }: AgentQuestion): AgentCall {
  const ownModel = login.environment['COPILOT_PROVIDER_API_KEY'] !== undefined;
  return {
    args: [
      '--output-format', 'json', '--stream', 'off', '--no-color', '--no-ask-user', '--no-custom-instructions', '--disable-builtin-mcps', '--no-auto-update',
      '--disable-client-telemetry', '--log-level', 'none',
      // Only a tool that does not exist.
      '--available-tools', 'none',
      ...(model === null ? [] : ['--model', model]),
    ],
    environment: {
      COPILOT_AUTO_UPDATE: 'false',
      ...(ownModel ? { COPILOT_OFFLINE: 'true' } : {}),
      ...(baseUrl === null ? {} : { COPILOT_PROVIDER_BASE_URL: baseUrl }),
      ...(request.maxOutputTokens === undefined || !ownModel ? {} : { COPILOT_PROVIDER_MAX_OUTPUT_TOKENS: String(request.maxOutputTokens) }),
    },
    // Its own instructions stay: these come before the question.
    input: `${withSchema(request.instructions, request.schema)}\n\n${request.prompt}`,
    files: {},
  };
}

function read({ stdout, question }: AgentOutcome): ModelAnswer {
  const events = eventsOf(stdout);
  const failed = events.find((event) => event['type'] === 'model.call_failure' || event['type'] === 'session.error');
  if (failed !== undefined) throw failure(fieldsAt(failed, 'data'));
  if (events.some((event) => textAt(event, 'type').startsWith('tool.'))) throw new AgentFault('usedTools');
  const messages = events.filter((event) => event['type'] === 'assistant.message').map((event) => fieldsAt(event, 'data'));
  if (messages.length === 0 || !events.some((event) => event['type'] === 'result')) throw new AgentFault('noAnswer');
  return {
    text: messages.map((message) => textAt(message, 'content')).join(''),
    finish: 'unknown',
    model: textAt(messages[0]!, 'model') || (question.model ?? 'default'),
    usage: { inputTokens: null, outputTokens: null, costUsd: null },
  };
}

function failure(data: Fields): AgentFault {
  const [status, message] = [numberAt(data, 'statusCode'), textAt(data, 'errorMessage') || textAt(data, 'message')];
  if (status !== null) return new AgentFault(faultOfStatus(status, message), { status });
  return new AgentFault(data['failureKind'] === 'transport' ? 'cutOff' : (faultOfText(message) ?? 'noAnswer'));
}
