import { eventsOf, fieldsAt, numberAt, textAt, type Fields } from './events.ts';
import { AgentFault, faultOfStatus, faultOfText, statusInText } from './faults.ts';
import { withSchema } from './schema-instruction.ts';
import type { AgentAdapter, AgentCall, AgentOutcome, AgentQuestion } from './adapter.ts';
import type { Finish, ModelAnswer } from '#reviewers/providers/provider.ts';

/** Google's Gemini CLI, 0.61. */
export const gemini: AgentAdapter = {
  id: 'gemini',
  name: 'Gemini',
  natives: [],
  logins: () => [
    { variable: 'GEMINI_API_KEY', word: 'key' },
    { file: 'oauth_creds.json', folder: '.gemini' },
  ],
  loginHelp: 'Set GEMINI_API_KEY.',
  baseUrlVariable: 'GOOGLE_GEMINI_BASE_URL',
  // Of an answer of 300 kB a pipe would see half.
  exitsEarly: true,
  passes: ['GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION'],
  prepare,
  read,
};

/** Where it notes why the model stopped, which its output does not tell; the file stays in the private home. */
const notes = '.gemini/notes.log';

function prepare({ request, model, login, baseUrl, home }: AgentQuestion): AgentCall {
  const settings = {
    security: { auth: { selectedType: login.file === null ? 'gemini-api-key' : 'oauth-personal' }, folderTrust: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: true, target: 'local', outfile: `${home}/${notes}`, logPrompts: false },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: 1, retryFetchErrors: false },
    tools: { core: [] },
    // A text that repeats itself, as tables do, would be taken for a model gone astray and cut.
    model: { disableLoopDetection: true, maxSessionTurns: 1 },
    context: { fileName: ['NONE.md'], includeDirectoryTree: false },
    skills: { enabled: false },
    hooksConfig: { enabled: false },
  };
  return {
    // Left to itself it asks a second model which one to ask.
    args: ['--output-format', 'stream-json', '-m', model ?? 'pro'],
    environment: {
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_CLI_NO_RELAUNCH: 'true',
      GEMINI_SYSTEM_MD: `${home}/instructions.md`,
      NO_BROWSER: 'true',
      ...(baseUrl === null ? {} : { GOOGLE_GEMINI_BASE_URL: baseUrl }),
    },
    input: request.prompt,
    files: { '.gemini/settings.json': JSON.stringify(settings), 'instructions.md': withSchema(request.instructions, request.schema) },
    ...(login.file === null ? {} : { links: { '.gemini/oauth_creds.json': login.file }, writable: [login.file] }),
  };
}

function read(outcome: AgentOutcome): ModelAnswer {
  const events = eventsOf(outcome.stdout);
  if (events.some((event) => event['type'] === 'tool_use')) throw new AgentFault('usedTools');
  const result = events.find((event) => event['type'] === 'result');
  if (result === undefined) throw new AgentFault(outcome.exitCode === 41 ? 'noLogin' : 'noAnswer');
  if (result['status'] !== 'success') {
    const complaint = events.findLast((event) => event['type'] === 'error') ?? {};
    throw failure(textAt(fieldsAt(result, 'error'), 'message') || textAt(complaint, 'message'), outcome.stderr);
  }
  const said = events.filter((event) => event['type'] === 'message' && event['role'] === 'assistant');
  return answerOf(result, { text: said.map((event) => textAt(event, 'content')).join(''), finish: finishOf(outcome.left(notes)) });
}

function failure(message: string, stderr: string): AgentFault {
  const status = statusInText(message) ?? statusInText(stderr);
  const wait = /retry after (\d+(?:\.\d+)?)s/i.exec(message);
  const fault = status === null ? (faultOfText(message) ?? 'noAnswer') : faultOfStatus(status, message);
  return new AgentFault(fault, { status, retryAfterMs: wait === null ? undefined : Math.ceil(Number(wait[1]) * 1_000) });
}

function answerOf(result: Fields, { text, finish }: { readonly text: string; readonly finish: Finish }): ModelAnswer {
  if (finish === 'refusal') throw new AgentFault('refused');
  const stats = fieldsAt(result, 'stats');
  const model = Object.keys(fieldsAt(stats, 'models'))[0];
  // A stream that was cut before its last event counts for it as an answer of no model.
  if (model === undefined) throw new AgentFault('cutOff');
  return { text, finish, model, usage: { inputTokens: numberAt(stats, 'input_tokens'), outputTokens: numberAt(stats, 'output_tokens'), costUsd: null } };
}

const finishes: Readonly<Record<string, Finish>> = { stop: 'stop', length: 'length', content_filter: 'refusal' };

function finishOf(text: string | null): Finish {
  const start = text?.lastIndexOf('"finish_reasons": [') ?? -1;
  if (text === null || start === -1) return 'unknown';
  const reason = /"finish_reasons": \[\s*"([a-z_]+)"/.exec(text.slice(start, start + 200))?.[1];
  return finishes[reason ?? ''] ?? 'unknown';
}
