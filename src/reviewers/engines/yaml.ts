import { isAlias, isMap, isPair, isSeq, parseAllDocuments, type YAMLError } from 'yaml';
import type { Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';

/** A text that stands for more nodes than this once its aliases are followed is built to exhaust its reader: 9 levels of 8 aliases are 8^9. */
const expandedLimit = 1_000_000;

/** Syntax, duplicate keys and alias bombs of YAML, all documents of a stream. Aliases are counted, never followed. */
export function createYamlEngine(): Engine {
  return { analyze };
}

function analyze({ text }: EngineDocument): EngineOutput {
  const parsed = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const problems = documents.flatMap((document) => [...document.errors, ...document.warnings]).map(toFinding);
  const bombs = documents.flatMap((document) => (expandedSize(document.contents, new Map()) > expandedLimit ? [bombFinding(document.range[0])] : []));
  return { findings: [...problems, ...bombs], parses: !problems.some(({ category }) => category === 'syntax') };
}

function toFinding({ code, message, pos, name }: YAMLError): RawFinding {
  const where = { start: pos[0], end: Math.max(pos[0], pos[1]), message: message.replace(/\s+/g, ' ') };
  if (code === 'DUPLICATE_KEY') return { ruleId: 'yaml/duplicate-key', category: 'logic', severity: 'high', confidence: 0.95, ...where };
  if (name === 'YAMLWarning') return { ruleId: 'yaml/warning', category: 'logic', severity: 'low', confidence: 0.8, ...where };
  return { ruleId: `yaml/${code.toLowerCase().replaceAll('_', '-')}`, category: 'syntax', severity: 'critical', confidence: 0.95, ...where };
}

// Anchors come before their aliases in the text, so one walk in its order knows every size it needs.
function expandedSize(node: unknown, sizes: Map<string, number>): number {
  if (isAlias(node)) return sizes.get(node.source) ?? 1;
  if (isPair(node)) return expandedSize(node.key, sizes) + expandedSize(node.value, sizes);
  if (!isMap(node) && !isSeq(node)) return 1;
  let size = 1;
  for (const item of node.items) size += expandedSize(item, sizes);
  if (node.anchor !== undefined) sizes.set(node.anchor, size);
  return size;
}

function bombFinding(start: number): RawFinding {
  return {
    ruleId: 'yaml/alias-bomb',
    category: 'security',
    severity: 'high',
    confidence: 0.9,
    message: `Its aliases stand for more than ${expandedLimit} nodes: whoever expands them runs out of memory.`,
    start,
    end: start,
    cwe: 'CWE-776',
  };
}
