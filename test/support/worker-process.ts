import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createDrafter } from '#reviewers/improving/draft.ts';
import { createMockProvider } from '#reviewers/providers/mock.ts';
import { payOnce } from '#reviewers/providers/paid-provider.ts';
import { openStore } from '#store/open-store.ts';
import { createActivities, type Activities } from '#activities/create-activities.ts';
import { createWorkers } from '#worker.ts';
import { testDependencies } from './dependencies.ts';
import { markerImprover, markerReviewer } from './marker-reviewer.ts';
import { files, modelImprover } from './scripted-drafter.ts';

/**
 * A worker process that tests may kill. With `crashes` it kills itself: an artifact named `NAME.before.md` or
 * `NAME.after.md` ends it once before or after the effect of the activity NAME, whatever else it is doing.
 */
const [address, prefix, root, storeUrl, bundlePath, crashFolder] = process.argv.slice(2) as [string, string, string, string, string, string];

Runtime.install({ logger: new DefaultLogger('ERROR') });
const store = openStore({ url: storeUrl });
/** A model that writes one file under the name that was asked for; each answer that it gives is one line of this file. */
const paid = join(crashFolder, '..', 'paid');
const provider = createMockProvider(({ prompt }) => {
  const [, name = ''] = /File name asked for: (\S+)/.exec(prompt) ?? [];
  appendFileSync(paid, `${name}\n`);
  return files([name, `# ${name}\n!medium rule0 fix\nend\n`]);
});
const payingOptions = { memory: store, prices: {}, dayBudget: {}, asked: 'mock' };
const drafter = createDrafter({ provider: payOnce(provider, payingOptions), version: '1', queue: 'llm', prompts: { draft: readFileSync(new URL('../../prompts/draft.md', import.meta.url), 'utf8') } });

const dependencies = testDependencies({
  reviewers: [markerReviewer('marker', () => sleep(40))],
  improvers: [markerImprover('marker'), modelImprover('mock')],
  drafters: [drafter],
  root,
  store,
  heartbeatTimeoutMs: 1_500,
});

const crashing = Object.fromEntries(
  Object.entries(createActivities(dependencies)).map(([queue, activities]) => [queue, Object.fromEntries(Object.entries(activities).map(wrap))]),
) as unknown as Activities;

const workers = await createWorkers({
  connection: await NativeConnection.connect({ address }),
  namespace: 'default',
  prefix,
  activities: crashing,
  workflowBundle: { codePath: bundlePath },
  concurrency: { analysis: 4 },
  shutdownGraceMs: 500,
});
process.stdout.write('ready\n');
process.on('SIGTERM', () => void workers.drain());
await workers.finished;

function wrap([name, activity]: [string, (input: never) => Promise<unknown>]): [string, (input: never) => Promise<unknown>] {
  const wrapped = async (input: never): Promise<unknown> => {
    crash(name, 'before', input);
    const result = await activity(input);
    crash(name, 'after', input);
    return result;
  };
  return [name, wrapped];
}

function crash(activity: string, moment: 'before' | 'after', input: unknown): void {
  if (!JSON.stringify(input).includes(`${activity}.${moment}.md`)) return;
  const mark = join(crashFolder, `${activity}.${moment}`);
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  process.kill(process.pid, 'SIGKILL');
}
