import { z } from 'zod';
import { settingsSchema } from './settings.ts';

interface SchemaSource {
  readonly title: string;
  readonly schema: z.ZodType;
  /** What is written (defaults and conversions not yet applied) or what is read. */
  readonly io: 'input' | 'output';
}

/** File name in schemas/ to the schema it is made from. */
const sources: Readonly<Record<string, SchemaSource>> = {
  'koubou.schema.json': { title: 'Settings of Koubou: koubou.yaml', schema: settingsSchema, io: 'input' },
};

export const schemaFileNames: readonly string[] = Object.keys(sources);

/** The text of one file of schemas/, as it is checked in. */
export function jsonSchemaText(fileName: string): string {
  const { title, schema, io } = sources[fileName]!;
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
