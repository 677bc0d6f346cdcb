import { z } from 'zod';
import { serviceFiles } from '#client/services/service-files.ts';
import { readJsonIfPresent } from '#io/state-files.ts';

const remembered = z.object({ grpc: z.int() });

/** Whether an address is that of the local service, as it runs or ran last. */
export function isOwnAddress(stateDir: string, address: string): boolean {
  try {
    const { grpc } = remembered.parse(readJsonIfPresent(serviceFiles(stateDir).ports));
    return [`127.0.0.1:${grpc}`, `localhost:${grpc}`].includes(address);
  } catch {
    return false;
  }
}
