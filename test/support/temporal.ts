/** The environment of this process, as the product takes it: an exact record. */
export function testEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The Temporal command that tests start servers with. */
export async function testTemporal(): Promise<string> {
  const configured = process.env['KOUBOU_TEMPORAL'];
  if (configured === undefined || configured === '') throw new Error('Name the Temporal command by KOUBOU_TEMPORAL.');
  return configured;
}
