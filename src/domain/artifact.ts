import type { TextShape } from './text-shape.ts';

export type ArtifactKind = 'code' | 'document' | 'config';

export const languages = [
  'typescript',
  'javascript',
  'python',
  'json',
  'css',
  'markdown',
  'yaml',
  'toml',
  'text',
  'unknown',
] as const;
export type Language = (typeof languages)[number];

/** One content-addressed version of an artifact's text. */
export interface Revision {
  /** Hex SHA-256 of the text as UTF-8. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Where git stood when the artifact was opened; what a later commit is compared with. */
export interface GitBase {
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  /** Null in a repository without a commit. */
  readonly head: string | null;
  /** Blob id of the path in HEAD, null where HEAD has no such path. */
  readonly blob: string | null;
}

/** What is reviewed: a file below a root, or a text that only has a name. Its text lies in the store. */
export interface Artifact {
  readonly name: string;
  /** Relative to `root`, with '/'; absent for a text that was handed in. */
  readonly path?: string;
  /** Absolute folder on the workspace worker's machine; absent without `path`. */
  readonly root?: string;
  readonly kind: ArtifactKind;
  readonly language: Language;
  readonly bytes: number;
  /** Hex SHA-256 of the file's own bytes: what saving compares with. */
  readonly sha256: string;
  /** Revision 0. */
  readonly revision: Revision;
  readonly shape: TextShape;
  readonly git?: GitBase;
  /** Revision 0 is no file yet: saving makes one, where there still is none. */
  readonly isNew?: true;
  /** Of the stored task that it was written for. */
  readonly taskSha256?: string;
  /** 1-based inclusive line ranges of revision 0 that the review is about; absent for all. */
  readonly lines?: readonly (readonly [number, number])[];
}

const byExtension: Readonly<Record<string, Language>> = {
  '.ts': 'typescript', '.mts': 'typescript', '.cts': 'typescript', '.tsx': 'typescript',
  '.js': 'javascript', '.mjs': 'javascript', '.cjs': 'javascript', '.jsx': 'javascript',
  '.py': 'python', '.pyi': 'python',
  '.json': 'json', '.jsonc': 'json',
  '.css': 'css',
  '.md': 'markdown', '.markdown': 'markdown',
  '.yaml': 'yaml', '.yml': 'yaml',
  '.toml': 'toml',
  '.txt': 'text',
};

const byInterpreter: readonly (readonly [RegExp, Language])[] = [
  [/^python[\d.]*$/, 'python'],
  [/^(?:node|nodejs|bun|deno)$/, 'javascript'],
];

const kinds: Readonly<Record<Language, ArtifactKind>> = {
  typescript: 'code', javascript: 'code', python: 'code', css: 'code',
  json: 'config', yaml: 'config', toml: 'config',
  markdown: 'document', text: 'document', unknown: 'document',
};

/** The language of an artifact, from its extension, else from a first line that names an interpreter. */
export function languageOf(name: string, text = ''): Language {
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot).toLowerCase();
  const known = byExtension[extension];
  if (known !== undefined) return known;
  const interpreter = interpreterOf(text.slice(0, 200));
  return byInterpreter.find(([pattern]) => pattern.test(interpreter))?.[1] ?? 'unknown';
}

// '#!/usr/bin/env -S node --flag' and '#!/opt/node/bin/bash' name node and bash: the program counts, not its folder.
function interpreterOf(text: string): string {
  const [, line = ''] = /^#![ \t]*(.*)/.exec(text) ?? [];
  const names = line.split(/\s+/).map((word) => word.slice(word.lastIndexOf('/') + 1));
  return (names[0] === 'env' ? names.slice(1).find((name) => !/^-|=/.test(name)) : names[0]) ?? '';
}

export function kindOf(language: Language): ArtifactKind {
  return kinds[language];
}

/** Languages that at least one engine can judge; a folder takes only these. */
export function isJudged(language: Language): boolean {
  return language !== 'text' && language !== 'unknown';
}
