import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentIds } from '#reviewers/providers/agents/agent-provider.ts';
import { markedProcesses } from '#io/jail-marker.ts';
import { sweepAbandonedRuns } from '#io/jail-scratch.ts';
import { findJail, jailKinds } from '#io/jail.ts';
import { installedAgent } from '#test/support/agents.ts';
import { sourceUrl } from '#test/support/crash.ts';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import { makeScratch } from '#test/support/scratch.ts';
import { agents, realAgent } from './real-agents.ts';

const ofWorker = (pid: number) => (marker: string): boolean => marker.startsWith(`${pid}.`);

describe.each(agentIds)('the real %s whose model is silent', (id) => {
  const it = test.skipIf(installedAgent(id) === null || process.platform !== 'linux');
  const scratch = makeScratch(`stop-${id}`);
  let model: FakeModel;
  beforeAll(async () => { model = await startFakeModel({ script: { silentAfter: 1 } }); });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  // The kinds of jail do not depend on what is in them: the slower agents try one.
  it.each(['opencode', 'copilot'].includes(id) ? ['pid namespace' as const] : jailKinds)('is gone within 5 s of a cancellation, as its model sees, in a jail of at best the kind %s', async (kind) => {
    const agent = realAgent(id, model, scratch, { jails: [kind] });
    const controller = new AbortController();
    const before = model.requests.length;
    const asking = agent.ask({}, { signal: controller.signal });
    await expect.poll(() => model.requests.length, { timeout: 60_000 }).toBeGreaterThan(before);
    expect(markedProcesses(ofWorker(process.pid)).length).toBeGreaterThan(0);
    const started = performance.now();
    controller.abort(new Error('cancelled by the test'));
    await expect(asking).rejects.toThrow('cancelled by the test');
    expect([markedProcesses(ofWorker(process.pid)), performance.now() - started < 5_000, readdirSync(agent.scratchRoot)]).toEqual([[], true, []]);
    await expect.poll(() => model.requests.at(-1)!.aborted).toBe(true);
  });

  it('is stopped when its time is up', async () => {
    const { code } = await realAgent(id, model, scratch).outcome({}, { timeoutMs: 1_500 });
    expect([code, markedProcesses(ofWorker(process.pid))]).toEqual(['TimedOut PROVIDER_TIMED_OUT', []]);
  });

  it('ends with a worker that is killed', async () => {
    const before = model.requests.length;
    const worker = startWorker(id, model, scratch.root);
    await expect.poll(() => model.requests.length, { timeout: 60_000 }).toBeGreaterThan(before);
    expect(markedProcesses(ofWorker(worker.pid!)).length).toBeGreaterThan(0);
    worker.kill('SIGKILL');
    await new Promise((resolve) => { worker.once('close', resolve); });
    const jail = await findJail();
    if (jail.kind !== 'process group') await expect.poll(() => markedProcesses(ofWorker(worker.pid!)), { timeout: 1_000 }).toEqual([]);
    // What the next worker does when it starts.
    const { folders } = sweepAbandonedRuns(path.join(scratch.root, 'worker-runs'));
    expect([markedProcesses(ofWorker(worker.pid!)), folders, readdirSync(path.join(scratch.root, 'worker-runs'))]).toEqual([[], 1, []]);
  });
});

function startWorker(id: (typeof agentIds)[number], model: FakeModel, folder: string) {
  const options = {
    id, executable: installedAgent(id), scratchRoot: path.join(folder, 'worker-runs'), environment: { HOME: folder, ...agents[id].environment(model.url) }, ...agents[id].options?.(model.url),
  };
  const file = path.join(folder, 'worker.ts');
  writeFileSync(file, `
    const { createAgentProvider } = await import(${JSON.stringify(sourceUrl('reviewers/providers/agents/agent-provider.ts'))});
    await createAgentProvider(${JSON.stringify(options)}).ask({ instructions: 'i', prompt: 'p' }, { signal: new AbortController().signal, timeoutMs: 60000 });`);
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], { stdio: 'inherit', env: { PATH: process.env['PATH'] } });
}
