import { defineConfig } from 'vitest/config';

// Two projects: 'unit' needs no server and answers within seconds; 'integration' shares one real Temporal server.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', pool: 'forks', include: ['test/**/*.test.ts'], exclude: ['test/**/*.it.test.ts', '**/node_modules/**'], testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          pool: 'forks',
          include: ['test/**/*.it.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          setupFiles: ['test/support/quiet.ts'],
          // Real servers, kills and timers on a machine that nobody looks at: a test that needs a second try is told as flaky there.
          retry: process.env['CI'] === undefined ? 0 : 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
