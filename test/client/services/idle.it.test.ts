import { afterAll, describe, expect } from 'vitest';
import { readDeparture } from '#client/services/departure.ts';
import { findService } from '#client/services/find-service.ts';
import { changedAt } from '#io/log-file.ts';
import { closeShared, processesNaming, until, withHome, type ServiceHome } from './service-home.ts';

const idle = { idleExitMs: 2_000 };

afterAll(closeShared);

async function isGone(home: ServiceHome): Promise<boolean> {
  return (await findService(home.files)).kind === 'none';
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe.concurrent('a service that a command started', () => {
  withHome('leaves once nothing has gone on for its time, and a run that waits does not hold it but goes on later', async ({ home }) => {
    await home.ensure({}, idle);
    for (const status of ['parked', 'paused', 'waiting_for_decision']) {
      await home.start('waits', status, { status, ms: 4_000 });
    }
    await until(() => isGone(home));
    expect([readDeparture(home.files.left)?.idleMs, processesNaming(home.stateDir)]).toEqual([2_000, []]);
    // Its timer ran out meanwhile.
    await home.ensure({}, idle);
    expect(readDeparture(home.files.left)).toBeNull();
    expect(await (await home.client()).workflow.getHandle('parked').result()).toBe('time over');
  });

  withHome('stays while a run works, while commands come, and for ever once somebody asked for that', async ({ home }) => {
    const { pid } = await home.ensure({}, idle);
    const client = await home.client();
    await home.start('waits', 'works', { status: 'reviewing', ms: 60_000 });
    await pause(3_000);
    await client.workflow.getHandle('works').signal('wake');
    for (let command = 0; command < 5; command += 1) {
      await pause(600);
      await home.ensure({}, idle);
    }
    await home.ensure({ auto: false }, idle);
    expect(changedAt(home.files.stayUp)).not.toBeNull();
    await pause(3_000);
    expect((await findService(home.files)).kind).toBe('live');
    expect(home.record()?.pid).toBe(pid);
  });
});

withHome.concurrent('a service that a person started does not leave', async ({ home }) => {
  home.foreground(idle);
  await home.ready();
  await pause(3_000);
  expect(await isGone(home)).toBe(false);
});
