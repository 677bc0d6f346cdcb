import { cleanText, maxAnswerLength } from './clean-text.ts';
import { hideSpans } from './hide-spans.ts';
import { jsonAnswers, readAnswers } from './json-reading.ts';
import { openEnvelope } from './open-envelope.ts';
import type { OpenedEnvelope } from './open-envelope.ts';
import { noReading } from './outcomes.ts';
import { parseJsonAt } from './parse-json.ts';
import type { ReadOptions, Reading } from './reading.ts';
import { scanJson } from './scan-json.ts';
import type { ScannedText } from './scan-json.ts';
import { readProse, withProse } from './text-reading.ts';
import { withoutComments, withoutThinking } from './unspoken.ts';

export type { AnswerCategory, AnswerDetails, AnswerFinding, ReadOptions, Reading, ReadingCause, ReadingOutcome } from './reading.ts';

/** An answer may be packed twice: a tool's output that carries a JSON text that is JSON. */
const maxLayers = 3;
/** More objects than a text with an answer holds; the events of a tool's output are not counted. */
const maxObjects = 2000;

/**
 * Reads what a model or an agent's command line answered. Never throws and never invents: whatever is not 'ok' has score null,
 * and a number that may be cut short, quoted, of one criterion or of an earlier round is not the score. Time is linear in the
 * length of the text.
 *
 * In      text of at most 4 Mi characters; longer is 'truncated'
 * Out     score 0–10; `ready` as the answer says it, for `model_ready` only; all text untrusted
 */
export function readAnswer(text: string, options: ReadOptions): Reading {
  if (text.length > maxAnswerLength) return noReading('truncated', 'too_large');
  return readLayer(cleanText(text), options, maxLayers);
}

function readLayer(text: string, options: ReadOptions, layers: number): Reading {
  if (text.trim() === '') return noReading('empty');
  const packed = layers > 0 ? packedText(text) : undefined;
  if (packed !== undefined) return readLayer(packed, options, layers - 1);
  const scanned = scanJson(text, options.mode === 'flexible');
  const opened = layers > 0 ? openEnvelope(text, scanned) : undefined;
  if (opened !== undefined) return readOpened(opened, options, layers - 1);
  const spoken = withoutThinking(text);
  if (spoken.text === text) return readSpoken(text, scanned, options);
  if (spoken.text.trim() === '') return noReading(spoken.isCut ? 'truncated' : 'empty', spoken.isCut ? 'no_end_of_turn' : undefined);
  return readSpoken(spoken.text, scanJson(spoken.text, options.mode === 'flexible'), options);
}

// "{\"score\": 8}": the whole text is one JSON string.
function packedText(text: string): string | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"{')) return undefined;
  const { node, end } = parseJsonAt(trimmed, 0);
  return node?.kind === 'string' && end === trimmed.length ? cleanText(node.text) : undefined;
}

function readOpened(opened: OpenedEnvelope, options: ReadOptions, layers: number): Reading {
  if ('outcome' in opened) return noReading(opened.outcome, opened.cause);
  if ('text' in opened) return readLayer(cleanText(opened.text), options, layers);
  const object = { node: opened.node, start: 0, end: 0, repaired: false };
  return readSpoken('', { objects: [object], spans: [], truncated: false, malformed: false }, options);
}

function readSpoken(text: string, scanned: ScannedText, options: ReadOptions): Reading {
  if (scanned.refusal === 'duplicate_key') return noReading('ambiguous', 'duplicate_key');
  if (scanned.refusal !== undefined) return noReading('no_score', scanned.refusal);
  if (scanned.truncated) return noReading('truncated', 'cut_json');
  if (scanned.objects.length > maxObjects) return noReading('no_score', 'too_many_objects');
  const answers = jsonAnswers(text, scanned, options.mode === 'strict');
  const prose = withoutComments(hideSpans(text, scanned.spans));
  if (answers.length > 0) {
    const reading = readAnswers(answers, options);
    return options.mode === 'strict' ? reading : withProse(reading, prose, options);
  }
  const reading = readProse(prose, options);
  const isBroken = scanned.malformed && reading.outcome === 'no_score' && reading.cause === undefined;
  return isBroken ? { ...reading, cause: 'malformed_json' } : reading;
}
