/** A larger text is searched at its beginning only; secretlint takes some milliseconds a megabyte. UTF-16 units. */
const longestSearched = 1_000_000;

/** Passages of a text that secretlint takes for keys, tokens or passwords. */
export async function secretsIn(text: string): Promise<string[]> {
  const { createSecretlintEngine } = await import('#reviewers/engines/secretlint.ts');
  const searched = text.slice(0, longestSearched);
  const { findings } = await createSecretlintEngine().analyze({ name: 'text', language: 'text', text: searched, depth: 'full' });
  return findings.map(({ start, end }) => searched.slice(start, end));
}
