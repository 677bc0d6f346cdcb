import type { ForeignFile } from '#io/foreign-file.ts';
import { mcpClients, type McpClient, type McpClientId, type Reach } from './clients.ts';
import { mergeToml, writtenToml } from './merge-toml.ts';

export interface EntryPlan {
  /** The file with the entry in it; the same text where it was there already. */
  readonly text: string;
  /** The entry alone, as the file has it. */
  readonly entry: string;
}

/** What would become of a client's file. Fails as `mergeJson` and `mergeToml` do. */
export async function planEntry(id: McpClientId, reach: Reach, { name, text }: { readonly name: string } & Pick<ForeignFile, 'text'>): Promise<EntryPlan> {
  const { format, settings }: McpClient = mcpClients[id];
  const wanted = settings(reach);
  if (format === 'toml') return { text: mergeToml({ name, text }, wanted[0]!), entry: writtenToml(wanted[0]!) };
  // The reader is a compiler: it costs a fifth of a second.
  const { mergeJson } = await import('./merge-json.ts');
  return { text: mergeJson({ name, text, allowsComments: format === 'jsonc' }, wanted), entry: mergeJson({ name, text: '', allowsComments: false }, wanted) };
}
