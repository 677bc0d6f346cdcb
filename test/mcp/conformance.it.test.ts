import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpHost } from '#mcp/http/serve-http.ts';
import { startSmallHost, tokens } from '#test/mcp/http/small-host.ts';
import { openDoor, type Door } from '#test/support/conformance/open-door.ts';
import { runSuite, type SuiteEnd } from '#test/support/conformance/run-suite.ts';
import { bridgeToStdio } from '#test/support/conformance/stdio-bridge.ts';
import { serverUnderSuite } from '#test/support/conformance/whole-server.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let host: HttpHost | undefined;
let door: Door | undefined;

beforeEach(() => {
  scratch = makeScratch('conformance');
});

afterEach(async () => {
  await door?.close();
  await host?.close();
  scratch.remove();
});

async function suiteOf(createServer: () => ReturnType<typeof serverUnderSuite>): Promise<SuiteEnd> {
  host = await startSmallHost({ createServer });
  door = await openDoor(host.url, tokens.ann);
  return runSuite(door.url);
}

// What is only recommended: streams that can be taken up again. A call that was lost is asked for again by its run id instead.
const warnings = [expect.stringContaining('server-sse-priming-event'), expect.stringContaining('server-sse-retry-field')];
const clean = { code: 0, scenarios: 32, passed: 44, failed: [], warnings };

// A process for each of some thirty sessions takes its time on a busy machine.
describe('the official conformance suite passes whole', { timeout: 300_000 }, () => {
  test('over HTTP', async () => {
    const { output, ...end } = await suiteOf(() => serverUnderSuite(scratch.root));
    expect(end, output.slice(-3000)).toEqual(clean);
  });

  test('over standard input and output, a process a session', async () => {
    const entry = fileURLToPath(new URL('../support/conformance/stdio-entry.ts', import.meta.url));
    const { output, ...end } = await suiteOf(() => bridgeToStdio({ command: process.execPath, args: [entry], cwd: scratch.root, stderr: 'inherit' }));
    expect(end, output.slice(-3000)).toEqual(clean);
  });
});
