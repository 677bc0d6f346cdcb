import type { FileRoles } from './file-roles.ts';
import { firstSurplus, marksOf, type Lines } from './marks.ts';

/** A comment that tells a tool to look away. */
interface Suppression {
  readonly tool: string;
  /** As people know it: 'eslint-disable-next-line'. */
  readonly name: string;
  /** How much it covers: one line, or everything after it. */
  readonly reach: 'line' | 'file';
  /** Rules it names; none for all of them. */
  readonly rules: readonly string[];
  readonly line: number;
}

interface Pattern {
  readonly tool: string;
  /** Its first group, where there is one, limits the reach to a line; with the flags g and i. */
  readonly pattern: RegExp;
  readonly reach: 'line' | 'file' | 'by group';
}

const patterns: readonly Pattern[] = [
  { tool: 'eslint', pattern: /(?:eslint|oxlint)-disable(-next-line|-line)?(?![\w-])/gi, reach: 'by group' },
  { tool: 'typescript', pattern: /@ts-nocheck\b/gi, reach: 'file' },
  { tool: 'typescript', pattern: /@ts-(?:ignore|expect-error)\b/gi, reach: 'line' },
  { tool: 'biome', pattern: /biome-ignore-(?:all|start)\b/gi, reach: 'file' },
  { tool: 'biome', pattern: /biome-ignore(?![\w-])/gi, reach: 'line' },
  { tool: 'deno', pattern: /deno-lint-ignore-file\b/gi, reach: 'file' },
  { tool: 'deno', pattern: /deno-lint-ignore(?![\w-])/gi, reach: 'line' },
  { tool: 'tslint', pattern: /tslint:disable(-next-line|-line)?(?![\w-])/gi, reach: 'by group' },
  { tool: 'stylelint', pattern: /stylelint-disable(-next-line|-line)?(?![\w-])/gi, reach: 'by group' },
  { tool: 'markdownlint', pattern: /markdownlint-(?:disable(-next-line|-line)?|disable-file|configure-file)(?![\w-])/gi, reach: 'by group' },
  { tool: 'secretlint', pattern: /secretlint-disable(-next-line|-line)?(?![\w-])/gi, reach: 'by group' },
  { tool: 'textlint', pattern: /textlint-disable(-next-line|-line)?(?![\w-])/gi, reach: 'by group' },
  { tool: 'flake8', pattern: /(?:ruff|flake8):\s{0,4}noqa\b/gi, reach: 'file' },
  { tool: 'flake8', pattern: /(?<!(?:ruff|flake8):\s{0,4})\bnoqa\b/gi, reach: 'line' },
  { tool: 'pylint', pattern: /pylint:\s{0,4}(?:disable(-next)?|skip-file)(?![\w-])/gi, reach: 'by group' },
  { tool: 'types', pattern: /(?:\bmypy:\s{0,4}ignore-errors|\bpyright:\s{0,4}(?:basic|false|ignore(?=[ \t]{0,4}$)))/gim, reach: 'file' },
  { tool: 'types', pattern: /\b(?:type|pyright|ty):\s{0,4}ignore\b(?!-)/gi, reach: 'line' },
  { tool: 'bandit', pattern: /\bnosec\b/gi, reach: 'line' },
  { tool: 'semgrep', pattern: /\bnosemgrep\b/gi, reach: 'line' },
  { tool: 'sonar', pattern: /\bNOSONAR\b/g, reach: 'line' },
  { tool: 'gitleaks', pattern: /\bgitleaks:allow\b/gi, reach: 'line' },
  { tool: 'codeql', pattern: /\b(?:lgtm|codeql)\s?\[/gi, reach: 'line' },
  { tool: 'coverage', pattern: /\b(?:(?:istanbul|c8|v8)\s{1,4}ignore\s{1,4}(?:file|start)|node:coverage\s{1,4}disable)\b/gi, reach: 'file' },
  { tool: 'coverage', pattern: /\b(?:istanbul|c8|v8|node:coverage)\s{1,4}ignore\b(?!\s{1,4}(?:file|start|stop|end)\b)/gi, reach: 'line' },
  { tool: 'coverage', pattern: /\bpragma:\s{0,4}no\s?(?:cover|branch)\b/gi, reach: 'line' },
  { tool: 'shellcheck', pattern: /\bshellcheck\s{1,4}disable\b/gi, reach: 'line' },
  { tool: 'yamllint', pattern: /\byamllint\s{1,4}disable(-line)?\b/gi, reach: 'by group' },
  { tool: 'hadolint', pattern: /\bhadolint\s{1,4}(?:global\s{1,4})?ignore\b/gi, reach: 'line' },
  { tool: 'golangci', pattern: /\bnolint\b/gi, reach: 'line' },
  { tool: 'rubocop', pattern: /\brubocop:(?:disable|todo)\b/gi, reach: 'line' },
  { tool: 'checkov', pattern: /\b(?:checkov:skip|tflint-ignore|trivy:ignore|tfsec:ignore|kics-scan ignore)\b/gi, reach: 'line' },
  { tool: 'idea', pattern: /\bnoinspection\b/gi, reach: 'line' },
];

const enabling = /\b(?:(?:eslint|oxlint|markdownlint|secretlint|textlint|stylelint)-enable|biome-ignore-end|tslint:enable|(?:pylint|yamllint):?\s{0,4}enable|(?:istanbul|c8|v8)\s{1,4}ignore\s{1,4}(?:stop|end)|node:coverage\s{1,4}enable)\b/gi;

/** How far back a comment sign is looked for, and how far on the names of rules. */
const around = 300;
const commentSign = /\/\/|\/\*|#|<!--|--|^\s*\*?\s*$/;
/** More suppressions that went than are compared with those that came; real files have tens. */
const maxCompared = 1_000;

/** Why the text after silences a tool more than the one before, naming the line, or null. Fewer and narrower suppressions are no weakening. */
export function silencing(before: Lines, after: Lines, roles: FileRoles): string | null {
  const [old, now] = [suppressionsOf(before, roles), suppressionsOf(after, roles)];
  const gone = surplus(old, now);
  const uncovered = firstUncovered(surplus(now, old), gone);
  if (uncovered !== null) return `It silences a tool instead of settling a finding: line ${uncovered.line} adds ${uncovered.name}.`;
  return widening(before, after, gone.length);
}

// Those of the first list that have no equal in the second, each equal counting once.
function surplus(some: readonly Suppression[], others: readonly Suppression[]): Suppression[] {
  const counts = new Map<string, number>();
  for (const key of others.map(signature)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return some.filter((suppression) => {
    const key = signature(suppression);
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}

// Each suppression that went may come back narrower, once.
function firstUncovered(added: readonly Suppression[], gone: readonly Suppression[]): Suppression | null {
  const left = gone.slice(0, maxCompared);
  for (const suppression of added) {
    const wider = left.findIndex((other) => covers(other, suppression));
    if (wider === -1) return suppression;
    left.splice(wider, 1);
  }
  return null;
}

function covers(wide: Suppression, narrow: Suppression): boolean {
  if (wide.tool !== narrow.tool || (wide.reach === 'line' && narrow.reach === 'file')) return false;
  if (wide.rules.length === 0) return true;
  return narrow.rules.length > 0 && narrow.rules.every((rule) => wide.rules.includes(rule));
}

// A range that was switched off and is no longer switched on again covers the rest of the file.
function widening(before: Lines, after: Lines, gone: number): string | null {
  const [old, now] = [before, after].map((lines) => marksOf(lines, enabling, () => 'enabling'));
  if (old!.length - now!.length <= gone) return null;
  const mark = firstSurplus({ from: after, fromMarks: now!, to: before, toMarks: old! });
  return `It silences a tool for the rest of the file: what line ${mark?.line ?? 1} of the previous revision switched on again stays off.`;
}

function suppressionsOf({ text, all }: Lines, { isDocument }: FileRoles): Suppression[] {
  const present = patterns.filter(({ pattern }) => text.search(pattern) !== -1);
  if (present.length === 0) return [];
  return all.flatMap((line, index) => present.flatMap((pattern) => suppressionsIn(line, { pattern, line: index + 1, isDocument })));
}

interface Context {
  readonly pattern: Pattern;
  readonly line: number;
  readonly isDocument: boolean;
}

function suppressionsIn(text: string, { pattern: { tool, pattern, reach }, line, isDocument }: Context): Suppression[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const lead = text.slice(Math.max(0, match.index - around), match.index);
    if (isDocument ? !lead.includes('<!--') : !commentSign.test(lead)) return [];
    const rest = text.slice(match.index + match[0].length).slice(0, around);
    const own = reach === 'by group' ? (match[1] === undefined ? 'file' : 'line') : reach;
    return [{ tool, name: match[0].toLowerCase().replace(/\s+/g, ' '), reach: own, rules: rulesIn(rest, tool), line }];
  });
}

const comment = /\*\/|-->|\s--\s|\s#|\s\/\//;

// Names of rules have a digit, a dash, a slash or an underscore in them, which the words of a reason seldom have.
function rulesIn(rest: string, tool: string): string[] {
  if (tool === 'typescript') return [];
  const [named = ''] = rest.split(comment, 1);
  const names = (tool === 'biome' ? named.split(': ', 1)[0]! : named).match(/[@a-z][\w@/.-]{0,80}/gi) ?? [];
  return [...new Set(names.filter((name) => /[\d/_-]/.test(name)))].toSorted();
}

function signature({ tool, reach, rules }: Suppression): string {
  return `${tool} ${reach} ${rules.join(' ')}`;
}
