import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const system = process.platform === 'darwin' ? 'darwin' : 'linux';
const processor = process.arch === 'arm64' ? 'arm64' : 'amd64';
export const archiveName = `temporal_cli_1.8.2_${system}_${processor}.tar.gz`;

/** A shell script that answers as Temporal's command line does, with the given server version. */
export function temporalScript(serverVersion: string): string {
  return `#!/bin/sh\necho "temporal version 0.0.0-DEV (Server ${serverVersion}, UI 2.50.1)"\n`;
}

export type Behaviour = 'good' | 'wrong checksum' | 'no checksum' | 'not found' | 'cut off' | 'stalls' | 'silent' | 'not an archive' | 'does not run';

/** Plays Temporal's download site on the loopback, in one of its moods. */
export async function startSite(folder: string) {
  const archives = { good: makeArchive(folder, temporalScript('1.31.2')), 'does not run': makeArchive(folder, '#!/bin/sh\nexit 3\n') };
  const requests: string[] = [];
  let mood: Behaviour = 'good';
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(response, request.url === '/v/checksums.txt', mood, archives[mood === 'does not run' ? mood : 'good']);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    base: `http://${host}/v`,
    requests,
    become: (next: Behaviour): void => {
      mood = next;
      requests.length = 0;
    },
    close: (): void => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function makeArchive(folder: string, script: string): Buffer {
  const inside = mkdtempSync(join(folder, 'archive-'));
  mkdirSync(join(inside, 'in'));
  writeFileSync(join(inside, 'in/temporal'), script, { mode: 0o755 });
  execFileSync('tar', ['-czf', join(inside, 'a.tar.gz'), '-C', join(inside, 'in'), 'temporal']);
  return readFileSync(join(inside, 'a.tar.gz'));
}

function answer(response: ServerResponse, asksForChecksums: boolean, mood: Behaviour, archive: Buffer): void {
  if (mood === 'silent') return;
  if (mood === 'not found') response.writeHead(404).end();
  else if (asksForChecksums) response.end(checksums(mood, archive));
  else if (mood === 'cut off') response.setHeader('content-length', archive.length).write(archive.subarray(0, 100), () => response.destroy());
  else if (mood === 'stalls') response.setHeader('content-length', archive.length).write(archive.subarray(0, 100));
  else response.end(mood === 'not an archive' ? '<html>Welcome to the hotel</html>' : archive);
}

function checksums(mood: Behaviour, archive: Buffer): string {
  const sum = mood === 'wrong checksum' ? '0'.repeat(64) : createHash('sha256').update(mood === 'not an archive' ? '<html>Welcome to the hotel</html>' : archive).digest('hex');
  const other = `${'1'.repeat(64)}  temporal_cli_1.8.2_plan9_amd64.tar.gz\n`;
  return mood === 'no checksum' ? other : `${other}${sum}  ${archiveName}\n`;
}
