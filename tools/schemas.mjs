// Writes schemas/*.json from the zod schemas of src/wire. Runs under Node 24: npm run schemas
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemaText, schemaFileNames } from '#wire/json-schemas.ts';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of schemaFileNames) writeFileSync(new URL(name, folder), jsonSchemaText(name));
