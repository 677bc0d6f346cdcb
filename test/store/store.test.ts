import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeStore } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'koubou-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let databases = 0;
describeStore('SQLite', () => {
  databases += 1;
  return Promise.resolve(`sqlite:${folder}/store ${databases}.db`);
});
