import { AppError } from '#domain/errors.ts';

// Commands and flags that are promised and need what this version has not.

export function evaluate(): Promise<never> {
  return Promise.reject(new AppError('Misconfigured', 'MODEL_NEEDED', '`koubou evaluate` asks a model, and this version has no model reviewer. Use `koubou review PATH --no-improve` for a judgement by static engines.'));
}

export function mcp(): Promise<never> {
  return Promise.reject(new AppError('Misconfigured', 'MCP_UNAVAILABLE', 'This version has no MCP server. Use the command line, or start runs with `temporal workflow start`.'));
}

/** Flags of other commands that need a model. Fails with Misconfigured MODEL_NEEDED where one was given. */
export function refuseModelFlags(flags: { has(name: string): boolean }): void {
  if (flags.has('task')) throw new AppError('Misconfigured', 'MODEL_NEEDED', '--task drafts with a model, and this version has no model reviewer. Name a file, a folder or --stdin.');
  if (flags.has('budget-usd')) throw new AppError('Misconfigured', 'MODEL_NEEDED', '--budget-usd limits what models cost, and this version has no model reviewer. Leave it out.');
}
