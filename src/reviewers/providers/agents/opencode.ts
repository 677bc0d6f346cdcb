import { eventsOf, fieldsAt, numberAt, sumOf, textAt, type Fields } from './events.ts';
import { AgentFault, faultOfStatus, faultOfText } from './faults.ts';
import { withSchema } from './schema-instruction.ts';
import type { AgentAdapter, AgentCall, AgentOutcome, AgentQuestion, LoginSource } from './adapter.ts';
import type { Finish, ModelAnswer } from '#reviewers/providers/provider.ts';

const native = `opencode-${process.platform}-${process.arch}/bin/opencode`;

/** OpenCode, 1.18. Its model is '<vendor>/<model>'. */
export const opencode: AgentAdapter = {
  id: 'opencode',
  name: 'OpenCode',
  natives: [`../../${native}`, `../node_modules/${native}`],
  logins,
  loginHelp: 'Set the key of its vendor, such as OPENAI_API_KEY, or run `opencode auth login`.',
  baseUrlVariable: null,
  // It tries again for ever and says so nowhere but in its log; an error that is final it explains at once, and its first pause is 2 s.
  endsAfterMs: (line) => {
    if (line.includes('"type":"tool_use"')) return 0;
    return line.includes('level=ERROR') && line.includes('stream error') ? 1_000 : null;
  },
  prepare,
  read,
};

const keys: Readonly<Record<string, string>> = {
  anthropic: 'ANTHROPIC_API_KEY', google: 'GOOGLE_GENERATIVE_AI_API_KEY', openai: 'OPENAI_API_KEY', opencode: 'OPENCODE_API_KEY', openrouter: 'OPENROUTER_API_KEY',
};

/** The one key its model needs, and no other. */
function logins(model: string | null): readonly LoginSource[] {
  const key = keys[vendorOf(model)];
  const variables = key === undefined ? (model === null ? Object.values(keys) : []) : [key];
  return [...variables.map((variable) => ({ variable, word: 'key' as const })), { file: 'opencode/auth.json', folderVariable: 'XDG_DATA_HOME', folder: '.local/share' }];
}

function vendorOf(model: string | null): string {
  return model?.split('/')[0] ?? '';
}

function prepare({ request, model, login, baseUrl }: AgentQuestion): AgentCall {
  const nothing = { tools: { '*': false }, permission: { '*': 'deny' } };
  const config = {
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    ...nothing,
    agent: { reviewer: { mode: 'primary', prompt: withSchema(request.instructions, request.schema), ...nothing } },
    ...(baseUrl === null ? {} : { provider: { [vendorOf(model)]: { options: { baseURL: baseUrl } } } }),
  };
  return {
    args: ['run', '--pure', '--format', 'json', '--print-logs', '--log-level', 'ERROR', '--title', 'question', '--agent', 'reviewer', ...(model === null ? [] : ['-m', model])],
    environment: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
      ...Object.fromEntries(['AUTOUPDATE', 'CLAUDE_CODE', 'DEFAULT_PLUGINS', 'EXTERNAL_SKILLS', 'LSP_DOWNLOAD', 'MODELS_FETCH', 'PROJECT_CONFIG'].map((name) => [`OPENCODE_DISABLE_${name}`, '1'])),
      // It would fetch a package for plugins, which it is told not to have.
      npm_config_registry: 'http://127.0.0.1:9',
    },
    input: request.prompt,
    files: {},
    ...(login.file === null ? {} : { links: { '.local/share/opencode/auth.json': login.file }, writable: [login.file] }),
  };
}

function read({ stdout, stderr, question }: AgentOutcome): ModelAnswer {
  const events = eventsOf(stdout);
  if (events.some((event) => event['type'] === 'tool_use')) throw new AgentFault('usedTools');
  const error = events.find((event) => event['type'] === 'error');
  if (error !== undefined) throw failure(fieldsAt(fieldsAt(error, 'error'), 'data'));
  const last = events.findLast((event) => event['type'] === 'step_finish');
  if (last === undefined) throw silentFailure(stderr);
  const text = events.filter((event) => event['type'] === 'text').map((event) => textAt(fieldsAt(event, 'part'), 'text'));
  return answerOf(fieldsAt(last, 'part'), text.join(''), question);
}

function failure(data: Fields): AgentFault {
  const [status, message] = [numberAt(data, 'statusCode'), `${textAt(data, 'message')} ${textAt(data, 'responseBody')}`];
  const seconds = Number(textAt(fieldsAt(data, 'responseHeaders'), 'retry-after') || Number.NaN);
  const fault = status === null ? (faultOfText(message) ?? 'noAnswer') : faultOfStatus(status, message);
  return new AgentFault(fault, { status, retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined });
}

// Its log speaks of other things too.
function silentFailure(stderr: string): AgentFault {
  const line = stderr.split('\n').find((text) => text.includes('stream error'));
  return new AgentFault(line === undefined ? 'noAnswer' : (faultOfText(line) ?? 'overloaded'));
}

const finishes: Readonly<Record<string, Finish>> = { stop: 'stop', length: 'length', 'content-filter': 'refusal' };

function answerOf(part: Fields, text: string, { model }: AgentQuestion): ModelAnswer {
  const finish = finishes[textAt(part, 'reason')] ?? 'unknown';
  if (finish === 'refusal') throw new AgentFault('refused');
  const tokens = fieldsAt(part, 'tokens');
  const cache = fieldsAt(tokens, 'cache');
  const inputTokens = sumOf([numberAt(tokens, 'input'), numberAt(cache, 'read'), numberAt(cache, 'write')]);
  const outputTokens = sumOf([numberAt(tokens, 'output'), numberAt(tokens, 'reasoning')]);
  // It says 0 where it knows no price.
  return { text, finish, model: model ?? 'default', usage: { inputTokens, outputTokens, costUsd: numberAt(part, 'cost') || null } };
}
