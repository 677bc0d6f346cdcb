import { join } from 'node:path';
import type { Principal } from '#mcp/principal.ts';
import { createMcpService } from '#mcp/service.ts';
import type { McpService } from '#mcp/server-options.ts';
import type { ToolCall } from '#mcp/tools/tool.ts';
import type { Scratch } from '../support/scratch.ts';

/** The real service of a scratch folder, in which nothing runs. */
export function serviceOf(scratch: Scratch, { env = {}, folders = [scratch.root], models = [] }: { env?: Record<string, string>; folders?: readonly string[]; models?: readonly string[] } = {}): McpService {
  return createMcpService({
    cwd: scratch.root,
    environment: { HOME: scratch.outside, KOUBOU_HOME: join(scratch.outside, 'koubou'), ...env },
    selfCommand: ['false'],
    roots: folders.map((root) => ({ root, because: '--root' as const })),
    usableModels: () => Promise.resolve(models),
    log: () => undefined,
  });
}

/** A call of nobody in particular. */
export function callOf(service: McpService, principal: Principal = {}): ToolCall {
  return { service, principal, clientName: 'test', signal: new AbortController().signal, progress: () => undefined };
}
