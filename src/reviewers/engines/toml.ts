import { parse, TomlError } from 'smol-toml';
import type { Engine, EngineDocument, EngineOutput } from './engine.ts';
import { positionsOf } from './text-positions.ts';

/** Syntax of TOML, where a key given twice is an error too; the parser stops at the first. */
export function createTomlEngine(): Engine {
  return { analyze };
}

function analyze({ text }: EngineDocument): EngineOutput {
  try {
    parse(text);
    return { findings: [], parses: true };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const start = positionsOf(text).offsetOf(error.line, error.column);
    const message = reasonOf(error.message);
    return { findings: [{ ruleId: 'toml/parse', category: 'syntax', severity: 'critical', confidence: 0.95, message, start, end: start }], parses: false };
  }
}

// The parser's message ends with the lines around the error: they are the artifact's text.
function reasonOf(message: string): string {
  return message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
}
