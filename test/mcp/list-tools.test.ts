import { describe, expect, test } from 'vitest';
import { instructions } from '#mcp/instructions.ts';
import { listTools } from '#mcp/list-tools.ts';
import { tools } from '#mcp/tools/all.ts';

describe('the list of tools', () => {
  test('has the nine of the contract, in this order', () => {
    expect(listTools().map(({ name }) => name)).toEqual([
      'evaluate_document', 'review_start', 'review_wait', 'review_status', 'review_result', 'review_decide', 'review_retry', 'review_cancel', 'review_list',
    ]);
  });

  // Models have learnt them and permissions name them: changing one is a deliberate act. `npx vitest run -u test/mcp/list-tools.test.ts` accepts it.
  test.each(listTools().map((tool) => [tool.name, tool] as const))('tells %s as it is stored', async (name, tool) => {
    await expect(`${JSON.stringify(tool, null, 2)}\n`).toMatchFileSnapshot(`snapshots/${name}.json`);
  });

  test('takes at most 8 KiB of every session', () => {
    expect(Buffer.byteLength(JSON.stringify({ tools: listTools() }))).toBeLessThanOrEqual(8_192);
    expect(Buffer.byteLength(instructions)).toBeLessThanOrEqual(600);
  });

  test('is the same at every call', () => {
    expect(JSON.stringify(listTools())).toBe(JSON.stringify(listTools()));
  });

  test.each(listTools())('$name has a name that every host bears, a short description and honest hints', ({ name, description, annotations, inputSchema }) => {
    expect(name).toMatch(/^[a-z_]{1,30}$/);
    expect(description.length).toBeLessThanOrEqual(400);
    expect(description).toMatch(/^Use /);
    expect(annotations.readOnlyHint).toBeTypeOf('boolean');
    expect(annotations.openWorldHint).toBeTypeOf('boolean');
    expect([inputSchema.type, inputSchema['additionalProperties'], '$schema' in inputSchema]).toEqual(['object', false, false]);
    const undescribed = Object.entries(inputSchema.properties ?? {}).filter(([, schema]) => !('description' in schema)).map(([argument]) => argument);
    expect(undescribed.filter((argument) => argument !== 'decision')).toEqual([]);
  });

  test.each(tools)('$name refuses an argument that it does not know', ({ input }) => {
    const found = input.safeParse({ run_id: '0190a0a0-0000-7000-8000-000000000000', decision: 'retry', colour: 'red' });
    expect(found.error?.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('colour'))).toBe(true);
  });
});
