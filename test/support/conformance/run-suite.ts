import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SuiteEnd {
  readonly code: number;
  readonly scenarios: number;
  /** Checks that succeeded, and those that did not or only half, by scenario. */
  readonly passed: number;
  readonly failed: readonly string[];
  readonly warnings: readonly string[];
  readonly output: string;
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  readonly errorMessage?: string;
}

const suite = fileURLToPath(new URL('../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));

/** Runs every scenario of the official suite against a server that asks for no token. */
export async function runSuite(url: string): Promise<SuiteEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-conformance-'));
  try {
    const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
      execFile(process.execPath, [suite, 'server', '--url', url, '--suite', 'all', '-o', folder], { timeout: 240_000, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}\n${stderr}` });
      });
    });
    const scenarios = readdirSync(folder).map((name) => ({ name, checks: JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')) as Check[] }));
    const told = (status: Check['status']): string[] => scenarios.flatMap(({ name, checks }) => checks.filter((check) => check.status === status).map(({ id, errorMessage = '' }) => `${name}: ${id} ${errorMessage}`));
    return { code, scenarios: scenarios.length, passed: told('SUCCESS').length, failed: told('FAILURE'), warnings: told('WARNING'), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
