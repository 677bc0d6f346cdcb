import type { Language } from '#domain/artifact.ts';
import type { ScoredCategory } from '#domain/finding.ts';
import type { Depth, EngineEntry, RawFinding } from './engines/engine.ts';
import { fitsFully, fullLimits, isMinified, longestLine, tooLongLine } from './engines/large-text.ts';
import { positionsOf } from './engines/text-positions.ts';

export interface PlannedEngine {
  readonly entry: EngineEntry;
  /** What its answer counts for. */
  readonly categories: readonly ScoredCategory[];
}

/** Which engines look at a text, how closely, and what the reader must know of that. */
export interface EnginePlan {
  readonly depth: Depth;
  readonly engines: readonly PlannedEngine[];
  readonly notes: readonly RawFinding[];
}

const secretEngine = 'secretlint';

const minifiable: ReadonlySet<Language> = new Set(['typescript', 'javascript', 'css', 'python']);

/** Decides by language, size and form; at a text without a word nothing looks. */
export function planEngines(entries: readonly EngineEntry[], language: Language, text: string): EnginePlan {
  const asked = entries.flatMap((entry) => {
    const categories = entry.judges[language];
    return categories === undefined ? [] : [{ entry, categories }];
  });
  if (text.trim() === '') return { depth: 'full', engines: [], notes: text === '' ? [] : [blank] };
  const secretsOnly = asked.filter(({ entry }) => entry.id === secretEngine);
  const line = tooLongLine(text);
  if (line !== null) return { depth: 'syntax', engines: secretsOnly, notes: [tooLong(text, line)] };
  if (minifiable.has(language) && isMinified(text)) return { depth: 'syntax', engines: secretsOnly, notes: [minified] };
  if (fitsFully(text)) return { depth: 'full', engines: asked, notes: [] };
  const engines = [...secretsOnly, ...syntaxOnly(asked)];
  const idle = asked.map(({ entry }) => entry.id).filter((id) => !engines.some(({ entry }) => entry.id === id));
  return { depth: 'syntax', engines, notes: [tooLarge(language, idle)] };
}

// One parser is enough for a big text: the first that judges syntax.
function syntaxOnly(asked: readonly PlannedEngine[]): PlannedEngine[] {
  const parser = asked.find(({ entry, categories }) => categories.includes('syntax') && entry.depths.includes('syntax'));
  return parser === undefined ? [] : [{ entry: parser.entry, categories: ['syntax'] }];
}

const note = { category: 'style', severity: 'info', confidence: 1, start: 0, end: 0 } as const;

const blank: RawFinding = { ...note, ruleId: 'limits/BLANK_TEXT', message: 'The text is blank: it has nothing but white space.' };

const minified: RawFinding = {
  ...note,
  ruleId: 'limits/MINIFIED',
  message: 'This looks minified: only secrets were looked for.',
  suggestion: 'Review the source it was made from.',
};

function tooLarge(language: Language, idle: readonly string[]): RawFinding {
  const { lines, bytes } = fullLimits;
  const size = `more than ${lines.toLocaleString('en')} lines or ${bytes / 1_000_000} MB`;
  const what = language === 'markdown' ? 'only its beginning was checked, and all of it for secrets' : 'only its syntax was checked, and for secrets';
  return { ...note, ruleId: 'limits/LARGE_TEXT', message: `The text has ${size}: ${what}.${idle.length === 0 ? '' : ` Not asked: ${idle.join(', ')}.`}` };
}

function tooLong(text: string, line: number): RawFinding {
  const start = positionsOf(text).offsetOf(line, 1);
  const message = `The line is longer than ${longestLine.toLocaleString('en')} characters: only secrets were looked for.`;
  return { ...note, severity: 'low', ruleId: 'limits/TOO_LONG_LINE', message, start, end: start };
}
