import path from 'node:path';
import { findProgram } from '#io/agent-program.ts';
import { claude } from '#reviewers/providers/agents/claude.ts';
import { codex } from '#reviewers/providers/agents/codex.ts';
import { gemini } from '#reviewers/providers/agents/gemini.ts';
import { installedAgent } from './agents.ts';
import type { Asked, Reply } from './fake-model/script.ts';

/** How a real agent is made to work with MCP servers alone, unattended, for a model on loopback. */
export interface McpAgent {
  readonly id: 'codex' | 'claude' | 'gemini';
  readonly command: readonly string[];
  environment(modelUrl: string): Record<string, string>;
  args(prompt: string): readonly string[];
}

const natives = { codex: codex.natives, claude: claude.natives, gemini: gemini.natives } as const;

/** Empty where the agent is not installed. */
export function agentCommand(id: McpAgent['id']): readonly string[] {
  const installed = installedAgent(id);
  const program = installed === null ? null : findProgram({ command: path.resolve(installed), searchPath: '', untrustedFolders: [], natives: natives[id] });
  return program === null ? [] : [program.command, ...program.args];
}

const key = 'sk-test-0123456789-not-a-real-key';

export const mcpAgents: readonly McpAgent[] = [
  {
    id: 'codex',
    command: agentCommand('codex'),
    environment: () => ({ FAKE_API_KEY: key }),
    // Left to itself it begins without servers that are not there within a second, and asks a person before a call that may change files.
    args: (prompt) => ['exec', '-c', 'mcp_optional_startup_grace_ms=30000', '-c', 'mcp_servers.koubou.default_tools_approval_mode="approve"', '--json', '--skip-git-repo-check', '--sandbox', 'read-only', '-m', 'fake-model', prompt],
  },
  {
    id: 'claude',
    command: agentCommand('claude'),
    environment: (url) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_MAX_RETRIES: '0', ENABLE_TOOL_SEARCH: 'false', MCP_CONNECTION_NONBLOCKING: '0' }),
    args: (prompt) => ['-p', '--output-format', 'json', '--model', 'claude-sonnet-4-5', '--allowedTools', 'mcp__koubou', '--', prompt],
  },
  {
    id: 'gemini',
    command: agentCommand('gemini'),
    environment: (url) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url, GEMINI_CLI_NO_RELAUNCH: 'true', GEMINI_CLI_TRUST_WORKSPACE: 'true', NO_COLOR: '1' }),
    args: (prompt) => ['--output-format', 'json', '-m', 'gemini-2.5-flash', '--approval-mode', 'yolo', '-p', prompt],
  },
];

/** What the agents read beside their environment: settings of their own, in the home of the test. */
export function agentSettings(modelUrl: string): Readonly<Record<string, string>> {
  const provider = `{ name = "fake", base_url = "${modelUrl}/v1", env_key = "FAKE_API_KEY", wire_api = "responses", request_max_retries = 0, stream_max_retries = 0 }`;
  return {
    '.codex/config.toml': `# mine\nmodel_provider = "fake"\ncheck_for_update_on_startup = false\n\n[model_providers]\nfake = ${provider}\n\n[analytics]\nenabled = false\n`,
    '.gemini/settings.json': '{\n  // mine\n  "security": { "auth": { "selectedType": "gemini-api-key" } },\n  "privacy": { "usageStatisticsEnabled": false },\n  "general": { "enableAutoUpdate": false, "maxAttempts": 1, "retryFetchErrors": false },\n}\n',
  };
}

export interface Step {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A model that calls tools of the server one after the other, with the run id of the last answer where an argument asks for it, then says 'done'. */
export function toolCaller(steps: readonly Step[]): (asked: Asked) => Reply {
  let next = 0;
  return (asked) => {
    const step = steps[next];
    const name = step === undefined ? undefined : asked.tools.find((tool) => tool.endsWith(step.tool));
    if (step === undefined || name === undefined) return { text: step === undefined ? 'done' : 'ok' };
    next += 1;
    return { calls: [{ name, args: Object.fromEntries(Object.entries(step.args).map(([field, value]) => [field, value === '{run_id}' ? lastRunId(asked.body) : value])) }] };
  };
}

function lastRunId(body: string): string {
  // As JSON, or as a sentence: it depends on the agent what of an answer its model sees.
  return [...body.matchAll(/(?:run_id\\*":\s*\\*"|\brun_id |\bRun )([0-9a-f-]{36})/g)].at(-1)?.[1] ?? 'none';
}

