import type { EngineDocument } from './engine.ts';

const extensions: Readonly<Partial<Record<EngineDocument['language'], readonly string[]>>> = {
  typescript: ['.ts', '.tsx', '.mts', '.cts', '.d.ts'],
  javascript: ['.js', '.jsx', '.mjs', '.cjs'],
  json: ['.json', '.jsonc'],
  css: ['.css'],
};

/** Settings files whose tools read comments and trailing commas although they are called .json. */
const commentedJson = /(?:^|\/)(?:(?:ts|js)config(?:\.[\w-]+)*|\.?(?:eslintrc|oxlintrc|babelrc|swcrc|jshintrc)|devcontainer|(?:settings|launch|tasks|extensions))\.json$/;

/** The extension an engine may see of an untrusted name: one that belongs to the language, else the language's first. */
export function extensionOf({ name, language }: Pick<EngineDocument, 'name' | 'language'>): string {
  const known = extensions[language] ?? [];
  const lower = name.toLowerCase();
  if (commentedJson.test(lower)) return '.jsonc';
  const [longest] = known.filter((extension) => lower.endsWith(extension)).toSorted((a, b) => b.length - a.length);
  return longest ?? known[0] ?? '';
}
