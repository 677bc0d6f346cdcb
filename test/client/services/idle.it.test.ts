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

async function livingPid(home: ServiceHome): Promise<number | undefined> {
  return (await findService(home.files)).kind === 'live' ? home.record()?.pid : undefined;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe.concurrent('a service that a command started', () => {
  withHome('leaves once nothing has gone on for its time, and a run that waits does not hold it but goes on later', async ({ home }) => {
    await home.ensure({}, idle);
    await home.start('waits', 'parked', { status: 'parked', ms: 8_000 });
    for (const status of ['paused', 'waiting_for_decision']) await home.start('waits', status, { status, ms: 600_000 });
    await until(() => isGone(home));
    expect([readDeparture(home.files.left)?.idleMs, processesNaming(home.stateDir)]).toEqual([2_000, []]);
    await home.ensure();
    expect(readDeparture(home.files.left)).toBeNull();
    expect(await (await home.client()).workflow.getHandle('parked').result()).toBe('time over');
  });

  withHome('stays while a run works', async ({ home }) => {
    const { pid } = await home.ensure({}, idle);
    await home.start('waits', 'works', { status: 'reviewing', ms: 600_000 });
    await pause(5_000);
    expect(await livingPid(home)).toBe(pid);
  });

  withHome('stays while commands come', async ({ home }) => {
    const { pid } = await home.ensure({}, idle);
    for (let command = 0; command < 10; command += 1) {
      await pause(500);
      await home.ensure({}, idle);
    }
    expect(await livingPid(home)).toBe(pid);
  });

  withHome('stays once a person asked for that', async ({ home }) => {
    const { pid } = await home.ensure({}, idle);
    expect(await home.ensure({ auto: false }, idle)).toMatchObject({ pid, startedNow: false });
    expect(changedAt(home.files.stayUp)).not.toBeNull();
    await pause(5_000);
    expect(await livingPid(home)).toBe(pid);
  });
});

withHome.concurrent('a service that a person started does not leave', async ({ home }) => {
  home.foreground(idle);
  await home.ready();
  await pause(5_000);
  expect(await isGone(home)).toBe(false);
});
