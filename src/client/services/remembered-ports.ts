import { z } from 'zod';
import { readJsonIfPresent, writeFileAtomic } from '#io/state-files.ts';
import { usualPorts, type Ports } from './ports.ts';

const port = z.int().min(1).max(65_535);
const shape = z.object({ grpc: port, ui: port });

/** The ports of last time, so that addresses and links keep their meaning over a restart; else Temporal's usual ones. */
export function wantedPorts(file: string): Ports {
  try {
    return shape.parse(readJsonIfPresent(file));
  } catch {
    return usualPorts;
  }
}

export function rememberPorts(file: string, ports: Ports): void {
  writeFileAtomic(file, `${JSON.stringify(ports)}\n`, 0o600);
}
