import type { Language } from '#domain/artifact.ts';

/** File endings by what code fences and people call a language; a value without a dot is a whole file name. */
const endings: Readonly<Record<string, string>> = {
  python: '.py', py: '.py', python3: '.py', typescript: '.ts', ts: '.ts', tsx: '.tsx', javascript: '.js', js: '.js', mjs: '.mjs', jsx: '.jsx', node: '.js',
  json: '.json', jsonc: '.jsonc', css: '.css', scss: '.scss', markdown: '.md', md: '.md', yaml: '.yaml', yml: '.yaml', toml: '.toml', text: '.txt', txt: '.txt', plaintext: '.txt',
  bash: '.sh', sh: '.sh', shell: '.sh', zsh: '.sh', html: '.html', xml: '.xml', svg: '.svg', sql: '.sql', go: '.go', golang: '.go', rust: '.rs', rs: '.rs', java: '.java',
  kotlin: '.kt', kt: '.kt', ruby: '.rb', rb: '.rb', php: '.php', c: '.c', cpp: '.cpp', 'c++': '.cpp', csharp: '.cs', cs: '.cs', 'c#': '.cs', swift: '.swift', lua: '.lua',
  powershell: '.ps1', ps1: '.ps1', ini: '.ini', graphql: '.graphql', proto: '.proto', vue: '.vue', svelte: '.svelte', dockerfile: 'Dockerfile', makefile: 'Makefile',
};

/** A word for a language as the ending of its files, or undefined. */
export function endingOf(word: string): string | undefined {
  const plain = word.trim().toLowerCase();
  return Object.hasOwn(endings, plain) ? endings[plain] : undefined;
}

/** Whether a name ends as files do that we know. */
export function hasKnownEnding(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  return Object.values(endings).some((ending) => (ending.startsWith('.') ? base.endsWith(ending) && base !== ending : base === ending.toLowerCase()));
}

const byLanguage: Partial<Record<Language, string>> = { typescript: '.ts', javascript: '.js', python: '.py', json: '.json', css: '.css', markdown: '.md', yaml: '.yaml', toml: '.toml', text: '.txt' };

export function endingOfLanguage(language: Language): string | undefined {
  return byLanguage[language];
}
