import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { createMcpServer } from '#mcp/bind-sdk.ts';
import { serveHttp } from '#mcp/http/serve-http.ts';
import { runStanding } from '#mcp/run-standing.ts';
import { createMcpService } from '#mcp/service.ts';
import { testEnvironment, testTemporal } from '../test/support/temporal.ts';
import { startStdio } from './stdio-client.ts';

/**
 * The MCP server as it is installed, built in a folder of its own, beside two servers of the protocol's own project: all are started
 * and asked in turns by one small client. What a call of ours takes is held against the same question to the client in this process.
 */
const starts = 11;
const calls = 300;
const warmups = 20;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'koubou-bench-mcp-'));
const [installed, project, home] = [join(folder, 'installed'), join(folder, 'project'), join(folder, 'home')];
for (const place of [installed, project, home]) mkdirSync(place);
const env = { PATH: testEnvironment()['PATH']!, HOME: home, KOUBOU_HOME: join(home, 'koubou'), KOUBOU_TEMPORAL: await testTemporal(), LANG: 'C.UTF-8' };
const koubou = [process.execPath, join(installed, 'bin', 'koubou.js')];
const run = (...words: string[]): string => execFileSync(koubou[0]!, [koubou[1]!, ...words], { cwd: project, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

buildInstalled();
cpSync(join(root, 'examples', 'checkout.ts'), join(project, 'checkout.ts'));
try {
  const { run_id: ended } = JSON.parse(run('review', 'checkout.ts', '--json')) as { run_id: string };
  const { run_id: open } = JSON.parse(run('review', 'checkout.ts', '--write', '--approve', '--detach', '--json')) as { run_id: string };
  print(await startUps(), await latencies({ 'run that has ended': ended, 'open run': open }));
} finally {
  run('down', '--timeout', '1s');
  rmSync(folder, { recursive: true, force: true });
}

// What `npm pack` holds, without disturbing the checkout.
function buildInstalled(): void {
  for (const name of ['bin', 'src', 'prompts', 'schemas', 'tools', 'package.json', 'tsconfig.json']) cpSync(join(root, name), join(installed, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  execFileSync(process.execPath, [join(installed, 'tools', 'build.mjs')], { cwd: installed, stdio: 'ignore' });
  rmSync(join(installed, 'src'), { recursive: true });
}

interface StartUp {
  readonly name: string;
  readonly startMs: number;
  readonly listMs: number;
  readonly listBytes: number;
  readonly tools: number;
  readonly residentMb: number;
  readonly endMs: number;
}

async function startUps(): Promise<StartUp[]> {
  const module = (name: string): string => join(root, 'node_modules', '@modelcontextprotocol', name, 'dist', 'index.js');
  const contenders: [string, string[]][] = [
    ['koubou', [...koubou, 'mcp']],
    ['server-filesystem', [process.execPath, module('server-filesystem'), project]],
    ['server-everything', [process.execPath, module('server-everything'), 'stdio']],
  ];
  const rounds = new Map(contenders.map(([name]) => [name, [] as StartUp[]]));
  for (let n = 0; n < starts; n += 1) {
    for (const [name, command] of contenders) rounds.get(name)!.push(await startUp(name, command));
  }
  return [...rounds].map(([name, each]) => {
    const middle = (read: (one: StartUp) => number): number => median(each.map(read));
    const { listBytes, tools } = each[0]!;
    return { name, listBytes, tools, startMs: middle((one) => one.startMs), listMs: middle((one) => one.listMs), residentMb: middle((one) => one.residentMb), endMs: middle((one) => one.endMs) };
  });
}

async function startUp(name: string, command: readonly string[]): Promise<StartUp> {
  const client = await startStdio(command, { cwd: project, env });
  const { result, bytes, ms } = await client.request('tools/list');
  const residentMb = client.residentMb();
  const began = performance.now();
  await client.stop();
  return { name, startMs: client.startMs, listMs: ms, listBytes: bytes, tools: (result as { tools: unknown[] }).tools.length, residentMb, endMs: performance.now() - began };
}

interface Latency {
  readonly name: string;
  readonly directMs: number;
  readonly stdioMs: number;
  readonly httpMs: number;
  readonly perSecond: number;
}

async function latencies(runs: Readonly<Record<string, string>>): Promise<Latency[]> {
  const service = createMcpService({ cwd: project, environment: env, selfCommand: koubou, roots: [{ root: project, because: '--root' }], usableModels: () => Promise.resolve([]), log: () => undefined });
  const token = 'bench-0123456789abcdef';
  const createServer = () => createMcpServer({ service, principal: {}, log: () => undefined });
  const host = await serveHttp({ host: '127.0.0.1', port: 0, tokens: [{ token, principal: {} }], createServer, log: () => undefined, limits: { burst: 1e9, callsPerSecond: 1e9 } });
  const http = new Client({ name: 'bench', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(host.url), { requestInit: { headers: { Authorization: `Bearer ${token}` } } });
  await http.connect(transport as Parameters<Client['connect']>[0]);
  const stdio = await startStdio([...koubou, 'mcp'], { cwd: project, env });
  const measured: Latency[] = [];
  for (const [name, runId] of Object.entries(runs)) {
    const call = { name: 'review_status', arguments: { run_id: runId } };
    const ways = { direct: () => runStanding({ service, principal: {} }, runId), stdio: () => stdio.request('tools/call', call), http: () => http.callTool(call) };
    const { direct, stdio: overStdio, http: overHttp } = await inTurns(ways);
    measured.push({ name, directMs: median(direct!), stdioMs: median(overStdio!), httpMs: median(overHttp!), perSecond: await perSecond(ways.stdio) });
  }
  await Promise.all([http.close(), stdio.stop()]);
  await host.close();
  await service.close();
  return measured;
}

async function inTurns(ways: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let n = -warmups; n < calls; n += 1) {
    for (const [name, ask] of Object.entries(ways)) {
      const began = performance.now();
      await ask();
      if (n >= 0) times[name]!.push(performance.now() - began);
    }
  }
  return times;
}

// Ten in flight, as a busy client has them.
async function perSecond(ask: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let left = calls;
  await Promise.all(Array.from({ length: 10 }, async () => {
    while ((left -= 1) >= 0) await ask();
  }));
  return calls / ((performance.now() - began) / 1000);
}

function print(started: readonly StartUp[], measured: readonly Latency[]): void {
  const cpu = /model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  const lines = [
    `${cpu}, ${cpus().length} cores, Node ${process.version}; medians of ${starts} starts and ${calls} calls`,
    ...started.map((one) => `${one.name.padEnd(18)} initialize ${whole(one.startMs)} ms, tools/list ${round(one.listMs)} ms and ${one.listBytes} bytes for ${one.tools} tools, ${whole(one.residentMb)} MB, gone ${whole(one.endMs)} ms after its input closed`),
    ...measured.map((one) => `review_status, ${one.name}: client alone ${round(one.directMs)} ms, stdio ${round(one.stdioMs)} ms (+${round(one.stdioMs - one.directMs)}, goal at most 5), HTTP ${round(one.httpMs)} ms (+${round(one.httpMs - one.directMs)}), ${whole(one.perSecond)} calls a second`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(toSnakeKeys({ started, measured }))}\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function whole(value: number): number {
  return Math.round(value);
}
