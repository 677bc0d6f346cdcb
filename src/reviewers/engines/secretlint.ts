import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import type { Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { longestLine } from './large-text.ts';

/** Passwords in URLs are often placeholders in examples; keys have a form that nothing else has. */
const lessCertain = new Set(['@secretlint/secretlint-rule-basicauth', '@secretlint/secretlint-rule-database-connection-string']);

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended, rules: [] }] };

/** Keys, tokens and passwords in any text, by secretlint's recommended rules. Its findings never hold the secret. */
export function createSecretlintEngine(): Engine {
  return { analyze };
}

async function analyze({ text }: EngineDocument): Promise<EngineOutput> {
  const source = { filePath: 'artifact.txt', content: readablePart(text), ext: '.txt', contentType: 'text' } as const;
  const { messages } = await lintSource({ source, options: { config, maskSecrets: true, noPhysicFilePath: true } });
  return { findings: messages.map(toFinding), parses: null };
}

type Message = Awaited<ReturnType<typeof lintSource>>['messages'][number];

function toFinding({ ruleId, messageId, range }: Message): RawFinding {
  const rule = ruleId.replace(/^.*secretlint-rule-/, '');
  return {
    ruleId: `secretlint/${rule}`,
    category: 'security',
    severity: 'high',
    confidence: lessCertain.has(ruleId) ? 0.5 : 0.9,
    message: `A secret is written into the text (${rule}: ${messageId}).`,
    suggestion: 'Take it out, make it invalid where it was issued, and read it from the environment.',
    start: range[0],
    end: range[1],
    cwe: 'CWE-798',
    meaning: 'secret',
  };
}

// The same length, so that offsets stay: of a line that no one wrote only the beginning is searched.
function readablePart(text: string): string {
  if (text.length <= longestLine) return text;
  return text.replace(/[^\n]+/g, (line) => (line.length <= longestLine ? line : line.slice(0, longestLine).padEnd(line.length)));
}
