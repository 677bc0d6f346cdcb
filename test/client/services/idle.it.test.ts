import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDeparture } from '#client/services/departure.ts';
import { findService } from '#client/services/find-service.ts';
import { changedAt } from '#io/log-file.ts';
import { closeShared, openHome, processesNaming, until, type ServiceHome } from './service-home.ts';

const idle = { idleExitMs: 1_000 };

let home: ServiceHome;

beforeEach(async () => {
  home = await openHome();
});

afterEach(async () => {
  await home.close();
});

afterAll(closeShared);

async function isGone(): Promise<boolean> {
  return (await findService(home.files)).kind === 'none';
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe('a service that a command started', () => {
  test('leaves once nothing has gone on for its time, and a run that waits does not hold it but goes on later', async () => {
    await home.ensure({}, idle);
    for (const status of ['parked', 'paused', 'waiting_for_decision']) {
      await home.start('waits', status, { status, ms: 2_000 });
    }
    await until(isGone);
    expect([readDeparture(home.files.left)?.idleMs, processesNaming(home.stateDir)]).toEqual([1_000, []]);
    // Its timer ran out meanwhile.
    await home.ensure({}, idle);
    expect(readDeparture(home.files.left)).toBeNull();
    expect(await (await home.client()).workflow.getHandle('parked').result()).toBe('time over');
  });

  test('stays while a run works, while commands come, and for ever once somebody asked for that', async () => {
    await home.ensure({}, idle);
    const client = await home.client();
    await home.start('waits', 'works', { status: 'reviewing', ms: 60_000 });
    await pause(2_000);
    expect(await isGone()).toBe(false);
    await client.workflow.getHandle('works').signal('wake');
    for (let command = 0; command < 4; command += 1) {
      await pause(500);
      await home.ensure({}, idle);
    }
    expect(await isGone()).toBe(false);
    await home.ensure({ auto: false }, idle);
    expect(changedAt(home.files.stayUp)).not.toBeNull();
    await pause(2_000);
    expect(await isGone()).toBe(false);
  });
});

test('a service that a person started does not leave', async () => {
  home.foreground(idle);
  await home.ready();
  await pause(2_000);
  expect(await isGone()).toBe(false);
});
