import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentId } from '#reviewers/providers/agents/agent-provider.ts';

/** The command of an agent under test, or null where `npm ci --prefix test/agents` has not been run. */
export function installedAgent(id: AgentId): string | null {
  const file = join(modules, '.bin', id);
  return existsSync(file) ? file : null;
}

/** Codex's own copy of `bwrap`, whether it is installed or not. */
export function bundledBubblewrap(): string {
  return join(modules, `@openai/codex-linux-${process.arch}/vendor/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-musl/codex-resources/bwrap`);
}

const modules = fileURLToPath(new URL('../agents/node_modules', import.meta.url));
