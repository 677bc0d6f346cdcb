import type { AnswerDetails } from './reading.ts';

type Section = 'conclusion' | 'rationale' | 'strengths' | 'weaknesses' | 'recommendations' | 'blockers' | 'technicalNotes';

const headings: readonly (readonly [Section, RegExp])[] = [
  ['conclusion', /^(?:conclusion|summary|overall assessment|結論|総評|まとめ)$/],
  ['rationale', /^(?:rationale|reasons?|reasoning|justification|根拠|理由)$/],
  ['strengths', /^(?:strengths|pros|what works|強み|良い点|長所|評価ポイント)$/],
  ['weaknesses', /^(?:weaknesses|cons|issues|problems|弱み|課題|短所|問題点)$/],
  ['recommendations', /^(?:recommendations?|suggestions?|improvements?|next steps|推奨(?:事項)?|改善(?:点|案|提案|策)|提案)$/],
  ['blockers', /^(?:blockers?|blocking issues|must fix|ブロッカー|阻害要因|必須修正)$/],
  ['technicalNotes', /^(?:technical notes?|notes|技術メモ|技術的(?:な)?(?:注記|補足)|備考)$/],
];

// A heading, a bold line or a label with a colon; the text may follow on the same line.
const opening = /^[ \t]{0,4}(?:#{1,6}[ \t]{1,4}|\*\*|__|【)?(?:\d{1,2}[.)][ \t])?([\p{L} ]{2,24})(?:\*\*|__|】)?[ \t]{0,4}(?:[:：](?:\*\*)?[ \t]{0,4}(.{0,2000})|$)/u;
const maxText = 64 * 1024;
const maxItems = 200;

/** The named parts of a review in prose: conclusion, strengths, recommendations and so on. Only the first 64 Ki characters. */
export function readSections(prose: string): AnswerDetails {
  const found = new Map<Section, string[]>();
  let lines: string[] | undefined;
  for (const line of prose.slice(0, maxText).split('\n')) {
    const opened = openedBy(line);
    if (opened === undefined) {
      if (line.trim() !== '') lines?.push(line.trim());
      continue;
    }
    lines = opened.section && (found.get(opened.section) ?? []);
    if (opened.section === undefined || lines === undefined) continue;
    found.set(opened.section, lines);
    if (opened.rest !== '') lines.push(opened.rest);
  }
  return toDetails(found);
}

// Every heading ends the section above it, known or not; an item of a list ends none.
function openedBy(line: string): { readonly section?: Section; readonly rest: string } | undefined {
  const [, title = '', rest = ''] = opening.exec(line) ?? [];
  const section = headings.find(([, pattern]) => pattern.test(title.trim().toLowerCase()))?.[0];
  if (section !== undefined) return { section, rest: rest.trim() };
  const isHeading = /^\s{0,3}#{1,6}\s/.test(line);
  const isLabel = title !== '' && /[:：]/.test(line);
  return isHeading || isLabel ? { rest: '' } : undefined;
}

function toDetails(found: ReadonlyMap<Section, readonly string[]>): AnswerDetails {
  const text = (section: Section): string => (found.get(section) ?? []).join('\n').trim();
  const list = (section: Section): readonly string[] | undefined => listOf(found.get(section));
  const strengths = list('strengths');
  const weaknesses = list('weaknesses');
  const details: AnswerDetails = {
    ...(text('conclusion') !== '' && { conclusion: text('conclusion') }),
    ...(text('rationale') !== '' && { rationale: text('rationale') }),
    ...((strengths ?? weaknesses) && { analysis: { strengths: strengths ?? [], weaknesses: weaknesses ?? [] } }),
    ...(text('technicalNotes') !== '' && { technicalNotes: text('technicalNotes') }),
  };
  return { ...details, ...listField('recommendations', list('recommendations')), ...listField('blockers', list('blockers')) };
}

function listField(name: 'recommendations' | 'blockers', items: readonly string[] | undefined): AnswerDetails {
  return items === undefined ? {} : { [name]: items };
}

function listOf(lines: readonly string[] | undefined): readonly string[] | undefined {
  return lines
    ?.map((line) => line.replace(/^(?:[-*+•・]|\d{1,2}[.)])\s{0,4}/, '').trim())
    .filter((item) => item !== '')
    .slice(0, maxItems);
}
