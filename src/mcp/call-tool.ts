import type { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { parseInput } from '#wire/problems.ts';
import { errorForLog, errorText, explainError } from './errors.ts';
import type { Tool, ToolAnswer, ToolCall } from './tools/tool.ts';

export type Answered = (ToolAnswer & { readonly isError?: never }) | { readonly isError: true; readonly text: string };

/** Runs one tool: arguments are checked, and whatever goes wrong is explained in two lines. Never throws. */
export async function callTool(tool: Tool, args: unknown, { call, log }: { readonly call: ToolCall; readonly log: (line: string) => void }): Promise<Answered> {
  try {
    const input = parseInput(tool.input as z.ZodType<Record<string, unknown>>, args ?? {}, `The call of ${tool.name}`);
    return await tool.handler(input, call);
  } catch (error) {
    const told = errorForLog(error);
    // A client that went away is no failure.
    if (told !== null && !(error instanceof AppError && error.code === 'CLIENT_GONE')) log(`${tool.name}: ${told}`);
    return { isError: true, text: errorText(explainError(error, JSON.stringify(args ?? {}))) };
  }
}
