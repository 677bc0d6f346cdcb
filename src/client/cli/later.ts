import { AppError } from '#domain/errors.ts';

// Commands and flags that are promised and not there yet.

export function mcp(): Promise<never> {
  return Promise.reject(new AppError('Misconfigured', 'MCP_UNAVAILABLE', 'This version has no MCP server. Use the command line, or start runs with `temporal workflow start`.'));
}

/** Flags of other commands. Fails with Misconfigured DRAFTING_UNAVAILABLE. */
export function refuseLaterFlags(flags: { has(name: string): boolean }): void {
  if (flags.has('task')) throw new AppError('Misconfigured', 'DRAFTING_UNAVAILABLE', 'This version cannot draft from a task. Name a file, a folder or --stdin.');
}
