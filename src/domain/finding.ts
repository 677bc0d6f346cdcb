export const scoredCategories = ['syntax', 'logic', 'performance', 'security'] as const;
/** The categories that make the score; style and documentation are told but cost no points. */
export type ScoredCategory = (typeof scoredCategories)[number];

export const categories = [...scoredCategories, 'style', 'documentation'] as const;
export type Category = (typeof categories)[number];

/** Worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** 1-based lines and columns, columns in UTF-16 units, ends exclusive. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One remark about one place of one revision. */
export interface Finding {
  /** The same across runs and when lines shift: made from rule, the line's text and its occurrence. */
  readonly id: string;
  /** Namespaced by its source: 'ruff/F401', 'typescript/TS2304', 'markdownlint/MD009'. */
  readonly ruleId: string;
  readonly category: Category;
  readonly severity: Severity;
  /** 0–1; from 0.6 on a finding is confirmed. */
  readonly confidence: number;
  /** Untrusted where a model or a file speaks: show as text. */
  readonly message: string;
  readonly suggestion?: string;
  readonly place: Place;
  /** Engine or reviewer that said it. */
  readonly source: string;
  readonly cwe?: string;
  /** The static improver has a safe edit for it. */
  readonly fixable: boolean;
  readonly alsoReportedBy?: readonly string[];
  /** Why it does not count; such findings are kept and told, never dropped. */
  readonly suppressed?: 'outside_lines' | 'baseline' | 'below_min_severity' | 'not_requested';
}

/** From this confidence on a finding is confirmed (knowledge: score model 1). */
export const confirmedFrom = 0.6;

export function isConfirmed(finding: Pick<Finding, 'confidence'>): boolean {
  return finding.confidence >= confirmedFrom;
}

/** A confirmed high or critical finding: forbids `ready` and `target_reached`. */
export function isBlocker(finding: Pick<Finding, 'confidence' | 'severity' | 'suppressed' | 'category'>): boolean {
  if (finding.suppressed !== undefined || !isScored(finding.category)) return false;
  return isConfirmed(finding) && (finding.severity === 'critical' || finding.severity === 'high');
}

export function isScored(category: Category): category is ScoredCategory {
  return scoredCategories.some((scored) => scored === category);
}

/** 0 for critical … 4 for info: sorts worst first. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Findings of several reviewers as one list: of one id the first reviewer speaks, the others are named in `alsoReportedBy`. */
export function uniteFindings(reported: readonly { readonly reviewer: string; readonly finding: Finding }[]): Finding[] {
  const reviewers = new Map<string, Set<string>>();
  for (const { reviewer, finding } of reported) reviewers.set(finding.id, (reviewers.get(finding.id) ?? new Set()).add(reviewer));
  return reported.flatMap(({ reviewer, finding }) => {
    const [speaker, ...others] = reviewers.get(finding.id)!;
    if (speaker !== reviewer) return [];
    return others.length === 0 ? finding : { ...finding, alsoReportedBy: [...new Set([...(finding.alsoReportedBy ?? []), ...others])] };
  });
}

/** Worst first, then by place: the order of every list that people read. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    b.confidence - a.confidence ||
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    Number(a.id > b.id) - Number(a.id < b.id)
  );
}
