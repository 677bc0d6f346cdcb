import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** `koubou mcp`: serves an MCP client on standard input and output until it leaves, or with --http any number of them. */
export async function mcp(call: Call): Promise<ExitCode> {
  const { program, flags } = call;
  if (call.arguments[0] !== undefined) return (await import('./mcp-install.ts')).mcpInstall(call);
  const http = flags.has('http') ? { http: flags.text('http') ?? '', publicUrl: flags.text('public-url') } : {};
  await program.serveMcp({ roots: flags.list('root'), address: flags.text('address'), configFile: flags.text('config'), ...http });
  return exitCodes.done;
}
