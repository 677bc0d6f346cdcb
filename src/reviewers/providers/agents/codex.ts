import { eventsOf, fieldsAt, numberAt, objectOf, sumOf, textAt, type Fields } from './events.ts';
import { AgentFault, faultOfStatus, faultOfText, statusInText } from './faults.ts';
import type { AgentAdapter, AgentCall, AgentOutcome, AgentQuestion } from './adapter.ts';
import type { ModelAnswer } from '#reviewers/providers/provider.ts';

const target = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const system = process.platform === 'darwin' ? 'apple-darwin' : 'unknown-linux-musl';
const native = `codex-${process.platform}-${process.arch}/vendor/${target}-${system}/bin/codex`;

/** OpenAI's Codex, 0.169. */
export const codex: AgentAdapter = {
  id: 'codex',
  name: 'Codex',
  natives: [`../../${native}`, `../node_modules/@openai/${native}`],
  logins: () => [
    { variable: 'CODEX_API_KEY', word: 'key' },
    { file: 'auth.json', folderVariable: 'CODEX_HOME', folder: '.codex' },
    // Codex itself passes this one over; a subscription goes first, as it costs nothing more.
    { variable: 'OPENAI_API_KEY', as: 'CODEX_API_KEY', word: 'key' },
  ],
  loginHelp: 'Set CODEX_API_KEY or run `codex login`.',
  baseUrlVariable: 'OPENAI_BASE_URL',
  inquiry: ['debug', 'models', '--bundled'],
  // A model that calls what it was not offered is told so and asked again, for ever.
  endsAfterMs: (line) => (line.includes(strayCall) ? 0 : null),
  prepare,
  read,
};

const strayCall = 'codex_core::tools::router: error=';

/** Everything that offers the model a tool, reads a file of the machine or asks another address than the model's. */
const features = [
  'apps', 'browser_use', 'computer_use', 'enable_request_compression', 'goals', 'hooks', 'image_generation', 'in_app_browser', 'multi_agent', 'plugins',
  'remote_plugin', 'shell_snapshot', 'shell_tool', 'skill_mcp_dependency_install', 'tool_suggest', 'unbounded_connection_retries', 'unified_exec', 'view_image',
];

const settings = [
  'analytics.enabled=false', 'check_for_update_on_startup=false', 'feedback.enabled=false', 'history.persistence=none', 'include_apps_instructions=false',
  'include_collaboration_mode_instructions=false', 'include_environment_context=false', 'include_permissions_instructions=false', 'project_doc_max_bytes=0',
  'skills.bundled.enabled=false', 'skills.include_instructions=false', 'tools.experimental_request_user_input.enabled=false', 'web_search=disabled', 'model_provider=koubou',
];

function prepare(question: AgentQuestion): AgentCall {
  const { request: { instructions, schema, prompt }, login, home } = question;
  const catalogue = catalogueWithoutTools(question.inquiry);
  return {
    args: [
      'exec', '--json', '--strict-config', '--skip-git-repo-check', '--ephemeral', '--ignore-user-config', '--ignore-rules', '--sandbox', 'read-only', '--color', 'never',
      ...features.flatMap((feature) => ['--disable', feature]),
      ...[...settings, ...ownSettings(question, catalogue)].flatMap((setting) => ['-c', setting]),
      ...modelOption(question.model ?? catalogue?.preferred),
      ...(schema === undefined ? [] : ['--output-schema', `${home}/schema.json`]),
      // As an argument, the prompt 'review' would be a command, and one that begins with '-' an option.
      '-',
    ],
    environment: { CODEX_HOME: `${home}/.codex` },
    input: prompt,
    files: {
      '.codex/.keep': '',
      'instructions.md': instructions,
      ...(schema === undefined ? {} : { 'schema.json': JSON.stringify(schema) }),
      ...(catalogue === null ? {} : { 'models.json': catalogue.text }),
    },
    ...(login.file === null ? {} : { links: { '.codex/auth.json': login.file }, writable: [login.file] }),
  };
}

function modelOption(model: string | undefined): string[] {
  return model === undefined ? [] : ['-m', model];
}

function ownSettings({ baseUrl, login, home }: AgentQuestion, catalogue: Catalogue | null): string[] {
  const address = baseUrl === null ? '' : `base_url=${JSON.stringify(baseUrl)},`;
  return [
    // An own name for the vendor's interface: only so can the retries be turned off.
    `model_providers.koubou={name="OpenAI",${address}wire_api="responses",requires_openai_auth=true,request_max_retries=0,stream_max_retries=0}`,
    `model_instructions_file=${JSON.stringify(`${home}/instructions.md`)}`,
    ...(catalogue === null ? [] : [`model_catalog_json=${JSON.stringify(`${home}/models.json`)}`]),
    ...(baseUrl === null || login.file === null ? [] : [`chatgpt_base_url=${JSON.stringify(baseUrl)}`]),
  ];
}

interface Catalogue {
  readonly text: string;
  readonly preferred: string | undefined;
}

// Newer models bring tools of their own (a code runner, patches, other agents), whatever features are off: the program's
// list of models is given back to it without them.
function catalogueWithoutTools(inquiry: string | null): Catalogue | null {
  const models = objectOf(inquiry ?? '')?.['models'];
  if (!Array.isArray(models) || models.length === 0) return null;
  const entries = (models as Fields[]).map((entry) => ({
    ...entry, tool_mode: null, apply_patch_tool_type: null, shell_type: 'disabled', experimental_supported_tools: [], supports_search_tool: false,
    multi_agent_version: null, model_messages: null, availability_nux: null, base_instructions: '',
  }));
  const listed = (models as Fields[]).filter((entry) => textAt(entry, 'visibility') === 'list');
  const preferred = listed.toSorted((a, b) => (numberAt(a, 'priority') ?? Infinity) - (numberAt(b, 'priority') ?? Infinity))[0];
  return { text: JSON.stringify({ models: entries }), preferred: preferred === undefined ? undefined : textAt(preferred, 'slug') };
}

/** Items in which the model only speaks; `error` tells of something that passed. */
const spokenItems = new Set(['agent_message', 'reasoning', 'error', 'todo_list']);

function read({ stdout, stderr, question }: AgentOutcome): ModelAnswer {
  if (stderr.includes(strayCall)) throw new AgentFault('usedTools');
  let text: string | null = null;
  for (const event of eventsOf(stdout)) {
    const item = fieldsAt(event, 'item');
    const kind = textAt(item, 'type');
    if (kind !== '' && !spokenItems.has(kind)) throw new AgentFault('usedTools');
    if (kind === 'agent_message' && event['type'] === 'item.completed') text = textAt(item, 'text');
    if (event['type'] === 'turn.failed') return failed(textAt(fieldsAt(event, 'error'), 'message'), text ?? '', question);
    if (event['type'] === 'turn.completed') return completed(fieldsAt(event, 'usage'), text, question);
  }
  throw new AgentFault('noAnswer');
}

function completed(usage: Fields, text: string | null, question: AgentQuestion): ModelAnswer {
  const [inputTokens, outputTokens] = [numberAt(usage, 'input_tokens'), numberAt(usage, 'output_tokens')];
  // It says nothing at all of a refusal, but counts its words; of an empty answer it says that it is empty.
  const hasRefused = text === null && (outputTokens ?? 0) > (numberAt(usage, 'reasoning_output_tokens') ?? 0);
  if (hasRefused) throw new AgentFault('refused');
  return answer(text ?? '', question, { finish: 'stop', inputTokens, outputTokens });
}

function failed(message: string, text: string, question: AgentQuestion): ModelAnswer {
  if (message.includes('reason: max_output_tokens')) return answer(text, question, { finish: 'length', ...guessedTokens(question, text) });
  const status = statusInText(message);
  if (status !== null) throw new AgentFault(faultOfStatus(status, message), { status });
  // Of a 400 it gives the body alone.
  throw new AgentFault(faultOfText(message) ?? (objectOf(message) === null ? 'noAnswer' : 'rejected'));
}

// It tells no usage of such an answer, which is paid for all the same: about four bytes are a token.
function guessedTokens({ request: { instructions, prompt } }: AgentQuestion, text: string): { inputTokens: number; outputTokens: number } {
  return { inputTokens: Math.ceil(Buffer.byteLength(instructions + prompt) / 4), outputTokens: Math.ceil(Buffer.byteLength(text) / 4) };
}

function answer(text: string, { model, inquiry }: AgentQuestion, told: { finish: 'stop' | 'length'; inputTokens: number | null; outputTokens: number | null }): ModelAnswer {
  const { finish, inputTokens, outputTokens } = told;
  return { text, finish, model: model ?? catalogueWithoutTools(inquiry)?.preferred ?? 'default', usage: { inputTokens, outputTokens: sumOf([outputTokens]), costUsd: null } };
}
