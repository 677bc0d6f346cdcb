import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentId } from '#reviewers/providers/agents/agent-provider.ts';

/** The command of an agent under test, or null where `npm install --prefix test/agents` has not been run. */
export function installedAgent(id: AgentId): string | null {
  const file = join(modules, '.bin', id);
  return existsSync(file) ? file : null;
}

/** Where the tools of jails are looked for: where the machine has no bubblewrap, Codex's own copy is taken. */
export function jailTools(): string {
  const target = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-musl`;
  return `/usr/local/bin:/usr/bin:/bin:${join(modules, `@openai/codex-linux-${process.arch}/vendor/${target}/codex-resources`)}`;
}

const modules = fileURLToPath(new URL('../agents/node_modules', import.meta.url));
