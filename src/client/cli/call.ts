import type { LaunchFacts, LoadedConfig } from '#config.ts';
import type { McpWish } from '#mcp/serve.ts';
import type { EngineProbe, ModelProbe } from '#client/services/doctor-service.ts';
import type { StartWorkers } from '#client/services/keep-workers.ts';
import type { ExitCode } from './exit-code.ts';
import type { SignalSource } from './interrupt.ts';
import type { Output, Writer } from './output.ts';
import type { Flags } from './parse.ts';

/** What a command may ask of the composition root: the process around it, and what the client must not import. */
export interface Program {
  readonly facts: LaunchFacts;
  /** An exact copy; what it says about folders is absolute. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly signals: SignalSource;
  /** Standard input to its end. Fails with InvalidInput TOO_LARGE. */
  readonly readInput: (maxBytes: number) => Promise<Uint8Array>;
  /** Asks the person at the terminal: whether the answer was yes. Absent where there is none. */
  readonly ask?: (question: string) => Promise<boolean>;
  readonly node: { readonly version: string; readonly path: string };
  /** How this program is called again, e.g. ['/usr/bin/node', '/…/bin/koubou.js']. */
  readonly selfCommand: readonly string[];
  /** How the user calls it: 'koubou', or 'npm start --'. */
  readonly command: string;
  readonly workers: (config: LoadedConfig, options: WorkersOptions) => Promise<StartWorkers>;
  readonly listReviewers: (config: LoadedConfig) => Promise<readonly ReviewerFact[]>;
  /** Asks every model that can be asked one short question; by id. */
  readonly probeModels: (config: LoadedConfig) => Promise<Readonly<Record<string, NonNullable<ModelProbe['answer']>>>>;
  /** Ids of the models that can be asked, in the order of the settings, then the usual one. */
  readonly usableModels: (config: LoadedConfig) => Promise<readonly string[]>;
  /** What a model's answer says. Never throws. */
  readonly readReply: (text: string, options: ReadReplyOptions) => Promise<{ readonly outcome: string }>;
  /** Serves MCP clients until they leave. */
  readonly serveMcp: (wish: McpWish) => Promise<void>;
  /** Loads every engine. */
  readonly probeEngines: () => Promise<readonly EngineProbe[]>;
}

export interface WorkersOptions {
  /** Absolute: what a relative root of a raw request means. */
  readonly workspaceRoot: string;
  readonly say: (line: string) => void;
}

export interface ReadReplyOptions {
  readonly mode: 'flexible' | 'strict';
  readonly scaleMax?: 10 | 100;
  readonly cli?: 'codex' | 'claude' | 'gemini';
}

/** One reviewer or improver, for people. */
export interface ReviewerFact {
  readonly id: string;
  readonly role: 'reviewer' | 'improver';
  readonly version: string;
  /** The languages it judges or improves. */
  readonly languages: readonly string[];
  readonly asksModel: boolean;
  /** Of a model: which one, how it may be asked, and why it cannot be, if so. */
  readonly model?: string;
  readonly login?: string | null;
  readonly problem?: string | null;
}

/** One call of a command. */
export interface Call {
  readonly program: Program;
  readonly output: Output;
  readonly flags: Flags;
  readonly arguments: readonly string[];
}

export type RunCommand = (call: Call) => Promise<ExitCode>;
