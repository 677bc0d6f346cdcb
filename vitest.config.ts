import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Two projects: 'unit' needs no server and answers within seconds; 'integration' shares one real Temporal server.
export default defineConfig({
  test: {
    // One per core; vitest would leave one core idle, which on two cores is half the machine.
    maxWorkers: availableParallelism(),
    projects: [
      // Unit tests touch nothing that another file could see, so they share a process: modules load once, which is half of the time.
      { test: { name: 'unit', pool: 'forks', isolate: false, include: ['test/**/*.test.ts'], exclude: ['test/**/*.it.test.ts', '**/node_modules/**'], testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          pool: 'forks',
          include: ['test/**/*.it.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          setupFiles: ['test/support/quiet.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
