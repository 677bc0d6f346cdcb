import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemaText, schemaFileNames } from '#wire/json-schemas.ts';

const folder = new URL('../../schemas/', import.meta.url);

describe('the checked-in JSON Schemas', () => {
  it('are all there, and no others', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...schemaFileNames].toSorted());
  });

  it.each(schemaFileNames)('%s is what the code says (else: npm run schemas)', (name) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(jsonSchemaText(name));
  });

  it('describe koubou.yaml as it is written: times as text, unknown keys refused', () => {
    const schema = JSON.parse(jsonSchemaText('koubou.schema.json')) as { additionalProperties: boolean; properties: Record<string, { properties: Record<string, unknown> }> };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual(['review', 'reviewers', 'improver', 'checks', 'save', 'git', 'llm', 'temporal', 'store', 'workers', 'mcp', 'reports', 'privacy']);
    expect(schema.properties['review']!.properties['timeout']).toMatchObject({ anyOf: [{ type: 'string' }, { type: 'integer' }] });
    expect(schema.properties['save']!.properties['mode']).toMatchObject({ enum: ['none', 'write', 'commit'] });
  });
});
