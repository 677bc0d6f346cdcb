import { severityRank, type Finding } from '#domain/finding.ts';
import { isQuoted } from './model-findings.ts';

/** How models speak of a text that speaks to them. */
const ofInjection = /inject|instruct|manipulat|\bprompt|\b(?:judge|reviewer|evaluator|grader)s?\b|指示|命令|プロンプト|注入|審査|評価者|採点/i;

/**
 * One list of what was found in a text that speaks to its judge and of what the model found: where the model remarks on the same
 * place, the graver of the two speaks and names the other, so that one fault costs once.
 */
export function withoutTwins(injections: readonly Finding[], found: readonly Finding[]): Finding[] {
  const remarks = found.filter((finding) => isQuoted(finding) && finding.category === 'security' && ofInjection.test(finding.message) && injections.some((injection) => covers(finding, injection)));
  const graver = remarks.filter((remark) => injections.some((injection) => covers(remark, injection) && severityRank(remark.severity) < severityRank(injection.severity)));
  const kept = injections.filter((injection) => !graver.some((remark) => covers(remark, injection)));
  return [
    ...kept.map((injection) => naming(injection, remarks.filter((remark) => !graver.includes(remark) && covers(remark, injection)).map(({ source }) => source))),
    ...found.filter((finding) => !remarks.includes(finding) || graver.includes(finding)).map((finding) => naming(finding, graver.includes(finding) ? injections.filter((injection) => covers(finding, injection)).map(({ ruleId }) => ruleId) : [])),
  ];
}

function covers({ place }: Finding, injection: Finding): boolean {
  return place.line <= injection.place.line && injection.place.line <= place.endLine;
}

function naming(finding: Finding, others: readonly string[]): Finding {
  return others.length === 0 ? finding : { ...finding, alsoReportedBy: [...new Set([...(finding.alsoReportedBy ?? []), ...others])] };
}
