import { join } from 'node:path';

/** How a client reaches the server: by starting it, or at an address with a token of its environment. */
export type Reach =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      /** Written into the entry: what the server must see whoever starts it. Never a secret. */
      readonly env: Readonly<Record<string, string>>;
      /** Names of variables that the client has to hand on. */
      readonly passed: readonly string[];
    }
  | { readonly kind: 'http'; readonly url: string };

/** Where people's settings lie. */
export interface Home {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
}

/** One value of a file of settings, by its path from the top. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Added to a list unless one of the same id is there. */
  readonly isListed?: boolean;
}

export interface McpClient {
  readonly title: string;
  readonly file: (home: Home) => string;
  readonly format: 'json' | 'jsonc' | 'toml';
  readonly settings: (reach: Reach) => readonly Setting[];
  /** What shows that it has arrived. */
  readonly check: string;
}

/** The variable that clients take the token of an HTTP host from: the token itself is written nowhere. */
const tokenVariable = 'KOUBOU_MCP_TOKEN';

/** Longer than any one call lasts; the limits that clients have of their own are shorter. */
const callSeconds = 600;
const startSeconds = 30;

type Command = Extract<Reach, { kind: 'command' }>;

function started({ command, args, env }: Command): Record<string, unknown> {
  return { command, args, ...(Object.keys(env).length === 0 ? {} : { env }) };
}

function authorized(variable: string): Record<string, string> {
  return { Authorization: `Bearer ${variable}` };
}

// Editors may start a server anywhere: they tell the folder that is open.
function inWorkspace(reach: Command): Command {
  return { ...reach, args: [...reach.args, '--root', '${workspaceFolder}'] };
}

/** Every client that `koubou mcp install` knows, with the file that it reads for all projects of a user. */
export const mcpClients = {
  codex: {
    title: 'Codex',
    file: ({ home, environment }) => join(environment['CODEX_HOME'] || join(home, '.codex'), 'config.toml'),
    format: 'toml',
    settings: (reach) => {
      const limits = { startup_timeout_sec: startSeconds, tool_timeout_sec: callSeconds };
      if (reach.kind === 'http') return [{ path: ['mcp_servers', 'koubou'], value: { url: reach.url, bearer_token_env_var: tokenVariable, ...limits } }];
      return [{ path: ['mcp_servers', 'koubou'], value: { ...started(reach), ...(reach.passed.length === 0 ? {} : { env_vars: [...reach.passed] }), ...limits } }];
    },
    check: 'codex mcp list',
  },
  claude: {
    title: 'Claude Code',
    file: ({ home, environment }) => join(environment['CLAUDE_CONFIG_DIR'] || home, '.claude.json'),
    format: 'json',
    settings: (reach) => [
      { path: ['mcpServers', 'koubou'], value: reach.kind === 'http' ? { type: 'http', url: reach.url, headers: authorized(`\${${tokenVariable}}`) } : { type: 'stdio', ...started(reach) } },
    ],
    check: 'claude mcp list',
  },
  gemini: {
    title: 'Gemini CLI',
    file: ({ home }) => join(home, '.gemini', 'settings.json'),
    format: 'jsonc',
    settings: (reach) => {
      const timeout = callSeconds * 1000;
      if (reach.kind === 'http') return [{ path: ['mcpServers', 'koubou'], value: { httpUrl: reach.url, headers: authorized(`$${tokenVariable}`), timeout } }];
      // It hands on no variable whose name sounds like a secret, unless it is named.
      const passed = Object.fromEntries(reach.passed.map((name) => [name, `$${name}`]));
      return [{ path: ['mcpServers', 'koubou'], value: { ...started({ ...reach, env: { ...passed, ...reach.env } }), timeout } }];
    },
    check: 'gemini mcp list',
  },
  vscode: {
    title: 'VS Code',
    file: ({ home, environment, platform }) => {
      const settings = platform === 'darwin' ? join(home, 'Library', 'Application Support') : environment['XDG_CONFIG_HOME'] || join(home, '.config');
      return join(settings, 'Code', 'User', 'mcp.json');
    },
    format: 'jsonc',
    settings: (reach) => {
      if (reach.kind === 'command') return [{ path: ['servers', 'koubou'], value: { type: 'stdio', ...started(inWorkspace(reach)) } }];
      return [
        { path: ['inputs'], value: { type: 'promptString', id: 'koubou-token', description: 'Token of Koubou', password: true }, isListed: true },
        { path: ['servers', 'koubou'], value: { type: 'http', url: reach.url, headers: authorized('${input:koubou-token}') } },
      ];
    },
    check: 'MCP: List Servers in the command palette',
  },
  cursor: {
    title: 'Cursor',
    file: ({ home }) => join(home, '.cursor', 'mcp.json'),
    format: 'jsonc',
    settings: (reach) => [
      { path: ['mcpServers', 'koubou'], value: reach.kind === 'http' ? { url: reach.url, headers: authorized(`\${env:${tokenVariable}}`) } : started(inWorkspace(reach)) },
    ],
    check: 'MCP in its settings',
  },
} as const satisfies Readonly<Record<string, McpClient>>;

export type McpClientId = keyof typeof mcpClients;

export const mcpClientIds = Object.keys(mcpClients) as McpClientId[];
