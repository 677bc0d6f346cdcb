import { languages, type Language } from '#domain/artifact.ts';
import type { ScoredCategory } from '#domain/finding.ts';
import type { EngineEntry } from './engine.ts';

const all: readonly ScoredCategory[] = ['syntax', 'logic', 'performance', 'security'];
const shape: readonly ScoredCategory[] = ['syntax', 'logic'];
const secrets: readonly ScoredCategory[] = ['security'];
const everyText: Partial<Record<Language, readonly ScoredCategory[]>> = Object.fromEntries(languages.map((language) => [language, secrets]));

/**
 * The engines, fastest first; of two parsers the more exact one comes later. Versions are those package.json pins; a test
 * compares them with what is installed. Metrics judge nothing of Markdown but are asked for what vanished from it.
 */
export const engines: readonly EngineEntry[] = [
  {
    id: 'secretlint',
    version: '13.0.7',
    judges: everyText,
    depths: ['full', 'syntax'],
    load: async () => (await import('./secretlint.ts')).createSecretlintEngine(),
  },
  {
    id: 'ruff',
    version: '0.17.3',
    judges: { python: all },
    depths: ['full', 'syntax'],
    load: async () => (await import('./ruff.ts')).createRuffEngine(),
  },
  {
    id: 'markdownlint',
    version: '0.42.1',
    judges: { markdown: shape },
    depths: ['full', 'syntax'],
    load: async () => (await import('./markdownlint.ts')).createMarkdownlintEngine(),
  },
  {
    id: 'yaml',
    version: '2.9.1',
    judges: { yaml: shape },
    depths: ['full', 'syntax'],
    load: async () => (await import('./yaml.ts')).createYamlEngine(),
  },
  {
    id: 'toml',
    version: '1.9.1',
    judges: { toml: ['syntax'] },
    depths: ['full', 'syntax'],
    load: async () => (await import('./toml.ts')).createTomlEngine(),
  },
  {
    id: 'biome',
    version: '2.5.14',
    judges: { typescript: all, javascript: all, json: shape, css: shape },
    depths: ['full', 'syntax'],
    load: async () => (await import('./biome.ts')).createBiomeEngine(),
  },
  {
    id: 'typescript',
    version: '6.0.3',
    judges: { typescript: shape, javascript: shape },
    depths: ['full'],
    load: async () => (await import('./typescript.ts')).createTypeScriptEngine(),
  },
  {
    id: 'metrics',
    version: '1',
    judges: { typescript: ['logic'], javascript: ['logic'], python: ['logic'], markdown: [] },
    depths: ['full'],
    load: async () => (await import('./metrics.ts')).createMetricsEngine(),
  },
];
