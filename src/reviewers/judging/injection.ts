import type { Finding } from '#domain/finding.ts';
import { injectionSource, suspicionLimit } from '#domain/review.ts';
import { positionsOf } from '#reviewers/engines/text-positions.ts';
import { findingIds } from '#reviewers/finding-ids.ts';
import { exfiltrationLines } from './exfiltration.ts';
import { encodedWords, hiddenCharacters, onlyComments } from './hidden-text.ts';
import { commentPhrases, hiddenPhrases, phrases, type InjectionRule } from './judge-phrases.ts';
import { findPhrases, searchText } from './phrase-search.ts';
import { plantedVerdicts } from './planted-verdict.ts';

export interface InjectionScan {
  /** In the order of the text, each rule once a line; at most 20. */
  readonly findings: readonly Finding[];
  /** For people, one sentence a rule; none quotes the text. At most `suspicionLimit`. */
  readonly suspicions: readonly string[];
}

/** Phrases can be quoted in good faith: confirmed, yet below what a parser is given. */
const confidence = 0.8;
const maxFindings = 20;

const meanings: Readonly<Record<InjectionRule, string>> = {
  override: 'tells its reader to put other instructions aside',
  'score-demand': 'demands a mark for itself',
  'verdict-demand': 'demands to be passed',
  'silence-demand': 'asks for its faults not to be reported',
  'previous-score': 'claims an earlier mark',
  'improver-command': 'tells whoever improves it what to add',
  'encoded-command': 'hides a command in an encoding',
  exfiltration: 'would send secrets elsewhere if it were followed',
  'planted-verdict': 'shows a finished verdict as a judge would write it',
  'hidden-comment': 'speaks to its judge in a comment that readers do not see',
  'hidden-characters': 'holds characters that readers do not see',
};

/** What in a text is meant for the machine that judges it. Nothing is asked of a model; time is linear in the length of the text. */
export function scanForInjection(text: string, path: string): InjectionScan {
  const hits = distinct([...visibleHits(text), ...hiddenHits(text)]);
  const positions = positionsOf(text);
  const ids = findingIds();
  const findings = hits.slice(0, maxFindings).map(({ rule, line }): Finding => {
    const lineText = positions.lineText(line);
    return {
      id: ids.next(`${injectionSource}/${rule}`, lineText),
      ruleId: `${injectionSource}/${rule}`,
      category: 'security',
      severity: 'medium',
      confidence,
      message: `The text ${meanings[rule]}.`,
      suggestion: 'Take it out. Where it is an example, say so to whoever decides on this text.',
      place: { path, line, column: 1, endLine: line, endColumn: lineText.length + 1 },
      source: injectionSource,
      fixable: false,
    };
  });
  return { findings, suspicions: suspicionsOf(hits) };
}

/** The lines on which a text speaks to its judge, at most 20. */
export function linesForJudges(text: string, path: string): number[] {
  return scanForInjection(text, path).findings.map(({ place }) => place.line);
}

interface Hit {
  readonly rule: InjectionRule;
  readonly line: number;
}

function visibleHits(text: string): Hit[] {
  const search = searchText(text);
  return [
    ...findPhrases(search, phrases),
    ...plantedVerdicts(search).map((line) => ({ rule: 'planted-verdict' as const, line })),
    ...exfiltrationLines(text).map((line) => ({ rule: 'exfiltration' as const, line })),
  ];
}

function hiddenHits(text: string): Hit[] {
  const { placeOf } = positionsOf(text);
  const encoded = encodedWords(text);
  const decoded = searchText(encoded.map(({ words }) => words).join('\n'));
  return [
    ...hiddenCharacters(text).map(({ start }) => ({ rule: 'hidden-characters' as const, line: placeOf(start).line })),
    ...findPhrases(searchText(onlyComments(text)), commentPhrases).map(({ line }) => ({ rule: 'hidden-comment' as const, line })),
    ...findPhrases(decoded, hiddenPhrases).map(({ line }) => ({ rule: 'encoded-command' as const, line: placeOf(encoded[line - 1]!.start).line })),
  ];
}

function distinct(hits: readonly Hit[]): Hit[] {
  const byKey = new Map(hits.map((hit) => [`${hit.line} ${hit.rule}`, hit]));
  return [...byKey.values()].toSorted((a, b) => a.line - b.line || Number(a.rule > b.rule) - Number(a.rule < b.rule));
}

function suspicionsOf(hits: readonly Hit[]): string[] {
  const rules = [...new Set(hits.map(({ rule }) => rule))];
  return rules.slice(0, suspicionLimit).map((rule) => {
    const lines = hits.filter((hit) => hit.rule === rule).map(({ line }) => line);
    const more = lines.length > 3 ? ' and more' : '';
    return `The text ${meanings[rule]} (line ${lines.slice(0, 3).join(', ')}${more}).`;
  });
}
