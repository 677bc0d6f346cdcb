import { fieldsAt, numberAt, objectOf, sumOf, textAt, type Fields } from './events.ts';
import { AgentFault, faultOfStatus, faultOfText, type Fault } from './faults.ts';
import type { AgentAdapter, AgentCall, AgentOutcome, AgentQuestion, Login } from './adapter.ts';
import type { Finish, ModelAnswer } from '#reviewers/providers/provider.ts';

const native = `claude-code-${process.platform}-${process.arch}/claude`;

/** Anthropic's Claude Code, 2.1. */
export const claude: AgentAdapter = {
  id: 'claude',
  name: 'Claude',
  natives: [`../../${native}`, `../node_modules/@anthropic-ai/${native}`],
  logins: () => [
    { variable: 'ANTHROPIC_API_KEY', word: 'key' },
    { variable: 'ANTHROPIC_AUTH_TOKEN', word: 'key' },
    { variable: 'CLAUDE_CODE_OAUTH_TOKEN', word: 'login' },
    { file: '.credentials.json', folderVariable: 'CLAUDE_CONFIG_DIR', folder: '.claude' },
  ],
  loginHelp: 'Set ANTHROPIC_API_KEY, or run `claude auth login`.',
  baseUrlVariable: 'ANTHROPIC_BASE_URL',
  prepare,
  read,
};

const quiet = {
  // A document that holds '@' and a path would bring that file into the prompt.
  CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
  CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
  CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
  CLAUDE_CODE_MAX_RETRIES: '0',
  DISABLE_AUTOUPDATER: '1',
  ENABLE_TOOL_SEARCH: 'false',
  MAX_STRUCTURED_OUTPUT_RETRIES: '1',
};

/** `--bare` looks at no login but the key: for others every source of settings is closed one by one. */
const isolation = { key: ['--bare'], login: ['--safe-mode', '--restricted', '--setting-sources', '', '--settings', '{"permissions":{"deny":["Read"]}}', '--disable-slash-commands', '--no-chrome'] };

function prepare({ request, model, login, baseUrl, home }: AgentQuestion): AgentCall {
  return {
    args: [
      '-p', '--output-format', 'json', '--no-session-persistence', '--strict-mcp-config', '--tools', '', '--permission-prompts', 'none', '--max-turns', '2',
      ...(login.environment['ANTHROPIC_API_KEY'] === undefined ? isolation.login : isolation.key),
      '--system-prompt-file', `${home}/instructions.md`,
      ...(model === null ? [] : ['--model', model]),
      ...(request.schema === undefined ? [] : ['--json-schema', JSON.stringify(request.schema)]),
    ],
    environment: {
      ...quiet,
      CLAUDE_CONFIG_DIR: `${home}/.claude`,
      ...(baseUrl === null ? {} : { ANTHROPIC_BASE_URL: baseUrl }),
      ...(request.maxOutputTokens === undefined ? {} : { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(request.maxOutputTokens) }),
      ...credentialFolder(login),
    },
    input: request.prompt,
    files: { 'instructions.md': request.instructions },
    ...(login.file === null ? {} : { writable: [folderOf(login.file)] }),
  };
}

// It renews its login by replacing the file, so a link to the file would be lost: it is told the folder, for this alone.
function credentialFolder(login: Login): Record<string, string> {
  return login.file === null ? {} : { CLAUDE_SECURESTORAGE_CONFIG_DIR: folderOf(login.file) };
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

function read({ stdout }: AgentOutcome): ModelAnswer {
  // Warnings may stand before it.
  const result = objectOf(stdout.slice(Math.max(0, stdout.indexOf('{'))));
  if (result?.['type'] !== 'result') throw new AgentFault('noAnswer');
  if (Array.isArray(result['permission_denials']) && result['permission_denials'].length > 0) throw new AgentFault('usedTools');
  if (result['is_error'] === true || result['subtype'] !== 'success') return failed(result);
  const structured = result['structured_output'];
  const text = structured === undefined ? textAt(result, 'result') : JSON.stringify(structured);
  return answerOf(result, text, result['stop_reason'] === 'max_tokens' ? 'length' : 'stop');
}

function failed(result: Fields): ModelAnswer {
  if (result['api_error'] === 'max_output_tokens') return answerOf(result, '', 'length');
  if (result['stop_reason'] === 'refusal') throw new AgentFault('refused');
  const status = numberAt(result, 'api_error_status');
  const byReason = faultOfReason(textAt(result, 'terminal_reason'));
  if (byReason !== undefined) throw new AgentFault(byReason, { status });
  const text = textAt(result, 'result');
  throw new AgentFault(status === null ? (faultOfText(text) ?? 'noAnswer') : faultOfStatus(status, text), { status });
}

// Without tools to call it needs one turn, and a second to be reminded of the schema.
function faultOfReason(reason: string): Fault | undefined {
  const known: Readonly<Record<string, Fault>> = { prompt_too_long: 'promptTooLong', structured_output_retry_exhausted: 'invalidAnswer', max_turns: 'usedTools' };
  return known[reason];
}

function answerOf(result: Fields, text: string, finish: Finish): ModelAnswer {
  const usage = fieldsAt(result, 'usage');
  const input = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].map((name) => numberAt(usage, name));
  return {
    text,
    finish,
    model: Object.keys(fieldsAt(result, 'modelUsage'))[0] ?? 'default',
    usage: { inputTokens: sumOf(input), outputTokens: numberAt(usage, 'output_tokens'), costUsd: numberAt(result, 'total_cost_usd') },
  };
}
