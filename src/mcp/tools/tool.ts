import type { z } from 'zod';
import type { DecisionKind } from '#domain/report.ts';
import type { Principal } from '#mcp/principal.ts';
import type { McpService } from '#mcp/server-options.ts';

/** What a host may tell its user of a tool; each is said of every tool. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** Whether a model outside may be asked. */
  readonly openWorldHint: boolean;
}

/** What a person is asked where a run waits for one. */
export interface DecisionForm {
  /** What the run waits for, in a sentence. */
  readonly message: string;
  readonly decisions: readonly DecisionKind[];
  /** Whether a new budget may be given. */
  readonly asksBudget: boolean;
}

export interface FormAnswer {
  readonly decision: string;
  readonly note?: string;
  readonly budgetUsd?: number;
}

/** What one call of a tool is lent. */
export interface ToolCall {
  readonly service: McpService;
  readonly principal: Principal;
  /** As the client names itself: 'claude-code'; '' where it did not. */
  readonly clientName: string;
  /** The client gave up on the call: that ends the waiting, never a run. */
  readonly signal: AbortSignal;
  /** Tells the client what is going on, where it asked for that. */
  readonly progress: (message: string) => void;
  /** Asks the person at the client; null where they decline. Absent where the client has no forms. */
  readonly elicit?: (form: DecisionForm, signal: AbortSignal) => Promise<FormAnswer | null>;
}

/** What a tool answers. */
export interface ToolAnswer {
  /** All that a model must know; many hosts show it nothing else. */
  readonly structured?: Readonly<Record<string, unknown>>;
  /** The same in a few lines, for hosts that read only text; or a page of prose. */
  readonly text: string;
}

export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  /** snake_case, at most 30 characters. */
  readonly name: string;
  readonly title: string;
  /** At most 400 characters; the first sentence says when to use it. */
  readonly description: string;
  /** Strict: a misspelt argument is answered. */
  readonly input: Input;
  readonly output?: z.ZodObject;
  readonly annotations: ToolAnnotations;
  /** Fails with AppErrors, which whoever calls it explains. */
  readonly handler: (args: z.output<Input>, call: ToolCall) => Promise<ToolAnswer>;
}

/** Types a tool's arguments by its own schema. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool {
  return tool as unknown as Tool;
}
