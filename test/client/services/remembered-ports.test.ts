import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { rememberPorts, wantedPorts } from '#client/services/remembered-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'koubou-ports-'));
const file = join(folder, 'ports.json');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the wanted ports are Temporal’s usual ones at first, then those of last time', () => {
  expect(wantedPorts(file)).toEqual({ grpc: 7233, ui: 8233 });
  rememberPorts(file, { grpc: 7234, ui: 8240 });
  expect(wantedPorts(file)).toEqual({ grpc: 7234, ui: 8240 });
});

test.each(['', '{', '{"grpc": 0, "ui": 8233}', '{"grpc": "7233"}', '[]'])('a file that holds %j counts as none', (text) => {
  writeFileSync(file, text);
  expect(wantedPorts(file)).toEqual({ grpc: 7233, ui: 8233 });
});
