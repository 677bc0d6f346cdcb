import { z } from 'zod';
import { batchWireSchema, decisionWireSchema, errorWireSchema, progressWireSchema, reportWireSchema } from './report.ts';
import { applyRequestSchema, batchRequestSchema, reviewRequestSchema, seedMessageSchema, seedPayloadSchema } from './request.ts';
import { settingsSchema } from './settings.ts';

interface SchemaSource {
  readonly title: string;
  readonly schema: z.ZodType;
  /** What is written (defaults and conversions not yet applied) or what is read. */
  readonly io: 'input' | 'output';
}

/** File name in schemas/ to the schema it is made from. */
const sources: Readonly<Record<string, SchemaSource>> = {
  'review-request.schema.json': { title: 'The one argument of the workflow review', schema: z.union([reviewRequestSchema, seedPayloadSchema, seedMessageSchema]), io: 'input' },
  'batch-request.schema.json': { title: 'The one argument of the workflow reviewBatch', schema: batchRequestSchema, io: 'input' },
  'apply-request.schema.json': { title: 'The one argument of the workflow apply', schema: applyRequestSchema, io: 'input' },
  'report.schema.json': { title: 'koubou.report/1: the result of one review', schema: reportWireSchema, io: 'input' },
  'batch.schema.json': { title: 'koubou.batch/1: the result of several reviews', schema: batchWireSchema, io: 'input' },
  'error.schema.json': { title: 'koubou.error/1: why there is no result', schema: errorWireSchema, io: 'input' },
  'progress.schema.json': { title: 'What the query progress answers', schema: progressWireSchema, io: 'input' },
  'decision.schema.json': { title: 'The one argument of the update decide', schema: decisionWireSchema, io: 'input' },
  'koubou.schema.json': { title: 'Settings of Koubou: koubou.yaml', schema: settingsSchema, io: 'input' },
};

export const schemaFileNames: readonly string[] = Object.keys(sources);

/** The text of one file of schemas/, as it is checked in. */
export function jsonSchemaText(fileName: string): string {
  const { title, schema, io } = sources[fileName]!;
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
