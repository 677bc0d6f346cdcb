import type { ArtifactKind } from '#domain/artifact.ts';
import { nonBlankLines } from './engines/large-text.ts';
import { proseLines } from './engines/prose.ts';

/**
 * N of score model 1: √max(1, lines/100) for code and settings, √max(1, sentences/30) for documents.
 *
 * In      linesOfCode as the metrics counted them; without them every line that is not blank counts
 */
export function sizeFactor(kind: ArtifactKind, text: string, linesOfCode?: number): number {
  const size = kind === 'document' ? sentencesOf(text) / 30 : (linesOfCode ?? nonBlankLines(text)) / 100;
  return Math.sqrt(Math.max(1, size));
}

/** Sentences of prose: what ends with a mark, or with its line as headings, list items and table rows do; not what stands in fences. */
export function sentencesOf(text: string): number {
  let sentences = 0;
  for (const { line } of proseLines(text)) {
    if (!/[\p{L}\p{N}]/u.test(line)) continue;
    const ends = line.match(/[.!?](?=\s|$)|[。！？]/g)?.length ?? 0;
    sentences += Math.max(ends, isUnit(line) ? 1 : 0);
  }
  return sentences;
}

function isUnit(line: string): boolean {
  return /^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|\||>)/.test(line);
}
