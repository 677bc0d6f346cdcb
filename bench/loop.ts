import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '#activities/create-activities.ts';
import { startServer } from '#client/services/server.ts';
import { openStore } from '#store/open-store.ts';
import { createWorkers } from '#worker.ts';
import { testDependencies } from '../test/support/dependencies.ts';
import { markerImprover, markerReviewer } from '../test/support/marker-reviewer.ts';
import { testEnvironment, testTemporal } from '../test/support/temporal.ts';

/**
 * Our loop with no-op reviewers against a bare workflow with the same number of activities: same server, same run, taking turns.
 * The bare one's activities have a task queue of their own, as ours have; on the workflow's queue the SDK is handed an activity
 * with the answer that schedules it, which saves a hop and is measured beside it.
 * Ratios are what counts; the milliseconds belong to this machine.
 */
const iterations = 3;
/** open, review, (improve, review) per further iteration, report */
const activities = 3 + 2 * (iterations - 1);
const sequentialRuns = 40;
const burst = 60;
const warmups = 5;

interface Contender {
  readonly name: string;
  start(id: string): Promise<WorkflowHandle>;
}

Runtime.install({ logger: new DefaultLogger('ERROR') });
const folder = mkdtempSync(join(tmpdir(), 'koubou-bench-'));
const server = await startServer({
  temporalPath: await testTemporal(), namespace: 'default', databaseFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log'),
  folder, environment: testEnvironment(), ports: { grpc: 27_000, ui: 47_000 }, say: () => undefined,
});
const connection = await Connection.connect({ address: server.address });
const client = new Client({ connection });
const native = await NativeConnection.connect({ address: server.address });

const nothing = { nothing: () => Promise.resolve() };
const bareBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)), logger: new DefaultLogger('ERROR') });
const bareWorkers = await Promise.all([
  Worker.create({ connection: native, taskQueue: 'bare', workflowBundle: bareBundle }),
  Worker.create({ connection: native, taskQueue: 'bare-activities', activities: nothing }),
  Worker.create({ connection: native, taskQueue: 'bare-one', activities: nothing, workflowBundle: bareBundle }),
]);
const bareRunning = Promise.all(bareWorkers.map((worker) => worker.run()));

mkdirSync(join(folder, 'root'));
// As little to judge as keeps the loop going: one finding a line, one line less each time.
writeFileSync(join(folder, 'root', 'a.md'), Array.from({ length: iterations + 1 }, (_, n) => `!medium rule${n} fix\n`).join(''));
const store = openStore({ url: `sqlite:${join(folder, 'store.db')}` });
const ours = await createWorkers({
  connection: native, namespace: 'default', prefix: 'bench', concurrency: { analysis: 20, workspace: 20, report: 20 },
  activities: createActivities(testDependencies({ reviewers: [markerReviewer('marker')], improvers: [markerImprover('marker')], root: join(folder, 'root'), store, heartbeatTimeoutMs: 10_000 })),
  workflowBundle: await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url)), logger: new DefaultLogger('ERROR') }),
});

const contenders: Contender[] = [
  { name: 'bare', start: (workflowId) => client.workflow.start('bare', { taskQueue: 'bare', workflowId, args: [activities, 'bare-activities'] }) },
  { name: 'review', start: (workflowId) => client.workflow.start('review', { taskQueue: 'bench', workflowId, args: [{ artifact: { path: 'a.md' }, target_score: 100, max_iterations: iterations }] }) },
  { name: 'one-queue', start: (workflowId) => client.workflow.start('bare', { taskQueue: 'bare-one', workflowId, args: [activities, 'bare-one'] }) },
];

try {
  const result = await measure();
  if (!process.argv.includes('--json')) print(result);
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  for (const worker of bareWorkers) worker.shutdown();
  await Promise.all([bareRunning, ours.drain()]);
  await Promise.all([connection.close(), native.close(), store.close()]);
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  for (let n = 0; n < warmups; n += 1) for (const { name, start } of contenders) await (await start(`warm-${name}-${n}`)).result();
  const latencies = await sequential();
  const [bareRate, reviewRate, oneQueueRate] = [await throughput(contenders[0]!), await throughput(contenders[1]!), await throughput(contenders[2]!)];
  const size = await sizes();
  const [nodeMs, helpMs] = [median(timed([process.execPath, '-e', '0'])), median(timed([process.execPath, fileURLToPath(new URL('../bin/koubou.js', import.meta.url)), '--help']))];
  const [bareMs, reviewMs, oneQueueMs] = [median(latencies.get('bare')!), median(latencies.get('review')!), median(latencies.get('one-queue')!)];
  return {
    latency_ratio: round(reviewMs / bareMs), throughput_ratio: round(reviewRate.perSecond / bareRate.perSecond),
    events_per_iteration: size.eventsPerIteration, history_bytes: size.bytes,
    one_queue_latency_ratio: round(reviewMs / oneQueueMs), one_queue_throughput_ratio: round(reviewRate.perSecond / oneQueueRate.perSecond),
    one_queue_ms: round(oneQueueMs), one_queue_per_second: round(oneQueueRate.perSecond),
    bare_ms: round(bareMs), review_ms: round(reviewMs), bare_per_second: round(bareRate.perSecond), review_per_second: round(reviewRate.perSecond),
    worker_cpu_ms_per_review: round(reviewRate.cpuMs), worker_cpu_ms_per_bare: round(bareRate.cpuMs), help_ms: round(helpMs), bare_node_ms: round(nodeMs), activities, iterations, cores: cpus().length, node: process.version,
  };
}

async function sequential(): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let n = 0; n < sequentialRuns; n += 1) {
    for (const { name, start } of contenders) {
      const began = performance.now();
      await (await start(`one-${name}-${n}`)).result();
      times.get(name)!.push(performance.now() - began);
    }
  }
  return times;
}

async function throughput({ name, start }: Contender): Promise<{ perSecond: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const handles = await Promise.all(Array.from({ length: burst }, (_, n) => start(`burst-${name}-${n}`)));
  await Promise.all(handles.map((handle) => handle.result()));
  const seconds = (performance.now() - began) / 1_000;
  const used = process.cpuUsage(cpu);
  return { perSecond: burst / seconds, cpuMs: (used.user + used.system) / 1_000 / burst };
}

async function sizes(): Promise<{ eventsPerIteration: number; bytes: number }> {
  const eventsOf = async (max_iterations: number): Promise<{ events: number; bytes: number }> => {
    const handle = await client.workflow.start('review', { taskQueue: 'bench', workflowId: `size-${max_iterations}`, args: [{ artifact: { path: 'a.md' }, target_score: 100, max_iterations }] });
    await handle.result();
    const { historySizeBytes, historyLength } = (await handle.describe()).raw.workflowExecutionInfo ?? {};
    return { events: Number(historyLength), bytes: Number(historySizeBytes) };
  };
  const [one, five] = [await eventsOf(1), await eventsOf(5)];
  return { eventsPerIteration: (five.events - one.events) / 4, bytes: five.bytes };
}

function timed([command, ...args]: string[]): number[] {
  return Array.from({ length: 15 }, () => {
    const began = performance.now();
    spawnSync(command!, args);
    return performance.now() - began;
  });
}

function print(result: Awaited<ReturnType<typeof measure>>): void {
  const cpu = /model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  process.stdout.write(`${cpu}, ${result.cores} cores, Node ${result.node}\n`);
  process.stdout.write(`latency     bare ${result.bare_ms} ms, review ${result.review_ms} ms: ${result.latency_ratio}x (goal at most 1.2x)\n`);
  process.stdout.write(`throughput  bare ${result.bare_per_second}/s, review ${result.review_per_second}/s: ${result.throughput_ratio}x (goal at least 0.7x)\n`);
  process.stdout.write(`one queue   bare ${result.one_queue_ms} ms and ${result.one_queue_per_second}/s: ${result.one_queue_latency_ratio}x and ${result.one_queue_throughput_ratio}x (activities handed out with the workflow's answer)\n`);
  process.stdout.write(`history     ${result.events_per_iteration} events an iteration (goal at most 15), ${result.history_bytes} bytes for 5 iterations\n`);
  process.stdout.write(`start-up    koubou --help ${result.help_ms} ms, bare Node ${result.bare_node_ms} ms (goal at most 150 ms)\n`);
  process.stdout.write(`worker CPU  ${result.worker_cpu_ms_per_review} ms a review, ${result.worker_cpu_ms_per_bare} ms a bare workflow\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
