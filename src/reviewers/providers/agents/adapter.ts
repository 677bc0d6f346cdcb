import type { AgentEnd } from '#io/agent-process.ts';
import type { ModelAnswer, ModelRequest } from '#reviewers/providers/provider.ts';

/** A variable of the worker's environment, handed on under its own name or another. */
export interface VariableLogin {
  readonly variable: string;
  readonly as?: string;
  readonly word: 'key' | 'login';
}

/** A file of the agent's own, below the folder a variable names or else below the user's home. It is used where it lies. */
export interface FileLogin {
  readonly file: string;
  readonly folderVariable?: string;
  readonly folder: string;
}

/** Where an agent may have its permission from. */
export type LoginSource = VariableLogin | FileLogin;

/** How this agent is allowed to ask. */
export interface Login {
  /** 'key in CODEX_API_KEY', 'login in ~/.codex/auth.json'. */
  readonly told: string;
  /** Of the key; empty for a file. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; null for a key. */
  readonly file: string | null;
}

export interface AgentQuestion {
  readonly request: ModelRequest;
  /** As configured; null leaves the choice to the agent. */
  readonly model: string | null;
  readonly login: Login;
  /** Another address than the vendor's. */
  readonly baseUrl: string | null;
  /** The private home, absolute; `files` are written below it. */
  readonly home: string;
  /** What the adapter's inquiry printed; null where it failed or there is none. */
  readonly inquiry: string | null;
}

/** How the question is put. */
export interface AgentCall {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The prompt, on standard input. */
  readonly input: string;
  /** Text by path below the home. */
  readonly files: Readonly<Record<string, string>>;
  /** Links below the home to files outside. */
  readonly links?: Readonly<Record<string, string>>;
  /** Absolute files and folders outside the scratch that it may write. */
  readonly writable?: readonly string[];
}

export interface AgentOutcome extends AgentEnd {
  readonly question: AgentQuestion;
  /** A file it left below its home, at most 1 MB; null when there is none. */
  left(file: string): string | null;
}

/** All that differs between agents. */
export interface AgentAdapter {
  /** The provider's id and the name of the command. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Below the wrapper script's folder; see findProgram. */
  readonly natives: readonly string[];
  /** For a model, in the agent's own order. */
  logins(model: string | null): readonly LoginSource[];
  /** What a person does who has none. */
  readonly loginHelp: string;
  /** The variable that holds another address than the vendor's. */
  readonly baseUrlVariable: string | null;
  /** Variables of the worker's environment that are handed on beside the usual ones. */
  readonly passes?: readonly string[];
  /** Arguments of a question to the program itself, asked once per process. */
  readonly inquiry?: readonly string[];
  /** It may exit before a pipe has taken all it printed: its output goes to a file. */
  readonly exitsEarly?: boolean;
  /** For a line, of either output, that says there will be no answer although the agent goes on trying: how long it may still explain itself; null for others. */
  endsAfterMs?(line: string): number | null;
  prepare(question: AgentQuestion): AgentCall;
  /** Fails with a Fault's AppError where the output is no answer. */
  read(outcome: AgentOutcome): ModelAnswer;
}
