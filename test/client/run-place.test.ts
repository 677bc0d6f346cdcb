import { describe, expect, test } from 'vitest';
import { findRunPlace } from '#client/run-place.ts';
import { openStore } from '#store/open-store.ts';

describe('an empty id', () => {
  test.each(['', ' ', '\n'])('%j means no run, not whichever is open', async (id) => {
    const store = openStore({ url: 'sqlite:/nonexistent/never-opened.db' });
    await expect(findRunPlace(id, store, null)).rejects.toMatchObject({ kind: 'InvalidInput', code: 'RUN_UNKNOWN' });
  });
});
