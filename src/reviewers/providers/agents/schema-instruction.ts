/** The instructions with the schema in words, for agents that have no mechanism of their own. */
export function withSchema(instructions: string, schema: Readonly<Record<string, unknown>> | undefined): string {
  if (schema === undefined) return instructions;
  return `${instructions}\n\nAnswer with one JSON object and nothing else: no code fence, no text before or after it. It follows this JSON Schema:\n${JSON.stringify(schema)}\n`;
}
