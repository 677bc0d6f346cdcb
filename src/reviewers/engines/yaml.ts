import { parseAllDocuments, type YAMLError } from 'yaml';
import type { Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { expandedSize, repeatedKeys } from './yaml-walk.ts';

/** A text that stands for more nodes than this is built to exhaust its reader: 9 levels of 8 aliases are 8^9. */
const expandedLimit = 1_000_000;

/** Syntax, duplicate keys and alias bombs of YAML, all documents of a stream. */
export function createYamlEngine(): Engine {
  return { analyze };
}

function analyze({ text }: EngineDocument): EngineOutput {
  // The parser's own search for equal keys compares each with each: an hour for 60,000.
  const parsed = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const problems = documents.flatMap((document) => [...document.errors, ...document.warnings]).map(toFinding);
  const twice = documents.flatMap(({ contents }) => repeatedKeys(contents)).map(({ range }) => duplicate(range?.[0] ?? 0, range?.[1] ?? 0));
  const bombs = documents.filter(({ contents }) => expandedSize(contents) > expandedLimit).map(({ range }) => bomb(range[0]));
  return { findings: [...problems, ...twice, ...bombs], parses: !problems.some(({ category }) => category === 'syntax') };
}

function toFinding({ code, message, pos, name }: YAMLError): RawFinding {
  const where = { start: pos[0], end: Math.max(pos[0], pos[1]), message: message.replace(/\s+/g, ' ') };
  if (name === 'YAMLWarning') return { ruleId: 'yaml/warning', category: 'logic', severity: 'low', confidence: 0.8, ...where };
  return { ruleId: `yaml/${code.toLowerCase().replaceAll('_', '-')}`, category: 'syntax', severity: 'critical', confidence: 0.95, ...where };
}

function duplicate(start: number, end: number): RawFinding {
  const message = 'The key stands in this map already: readers keep only one of the two values.';
  return { ruleId: 'yaml/duplicate-key', category: 'logic', severity: 'high', confidence: 0.95, message, start, end };
}

function bomb(start: number): RawFinding {
  const message = `Its aliases stand for more than ${expandedLimit.toLocaleString('en')} nodes: whoever expands them runs out of memory.`;
  return { ruleId: 'yaml/alias-bomb', category: 'security', severity: 'high', confidence: 0.9, message, start, end: start, cwe: 'CWE-776' };
}
