import { firstSurplus, marksOf, uncommented, type Lines, type Mark } from './marks.ts';

/** Programs and targets that check a project. */
const checking =
  /(?:(?<![\w/.@-])|(?<=bin\/)|(?<=^\s{0,40}[-@]{1,2}))(?:vitest|jest|mocha|ava|playwright|cypress|node --test|pytest|tox|nox|unittest|eslint|oxlint|biome|ruff|flake8|pylint|mypy|pyright|tsc|markdownlint(?:-cli2?)?|textlint|stylelint|yamllint|actionlint|shellcheck|hadolint|secretlint|gitleaks|trufflehog|bandit|semgrep|trivy|codeql|pre-commit|(?:npm|pnpm|yarn|bun)(?: run)? (?:t|test|lint|check|typecheck|coverage|audit|verify)|npm audit|go (?:test|vet)|golangci-lint|cargo (?:test|clippy)|(?:make|just|task) (?:test|lint|check|verify)|mvn (?:test|verify)|gradle(?:w)? (?:test|check)|dotnet test|rspec|rubocop)(?![\w-])/g;

const excuses: readonly RegExp[] = [
  /\b(continue-on-error|continueOnError|allow_failure|ignore_errors)["']?\s{0,4}:\s{0,4}(?!\s|["']?false)/g,
  /(\|\||;)\s{0,4}(?:true|:|exit 0)(?=\s|["'`)]|$)/g,
  /(?<![\w-])(set \+e|write-all|\[skip ci\]|--passWithNoTests|--no-verify|--exit-zero|--no-error-on-unmatched-pattern)(?![\w-])/g,
  /^\s*(?:-\s)?["']?(if)["']?\s{0,4}:\s{0,4}["']?(?:\$\{\{\s{0,4})?(?:false|never)\b/g,
  /^\s*(?:-\s)?(when)\s{0,4}:\s{0,4}(?:never|manual)\b/g,
  /^\s*(-)[\w@]/g,
];

/** Why the pipeline after checks less than the one before, naming the line, or null: a test or lint step gone, or failures that no longer count. */
export function weakerPipeline(before: Lines, after: Lines, isMake: boolean): string | null {
  const [from, to] = [uncommented(before, 'hash'), uncommented(after, 'hash')];
  const gone = firstSurplus({ from: to, fromMarks: steps(to), to: from, toMarks: steps(from) });
  if (gone !== null) return `It takes a check out of the pipeline: ${gone.key} in line ${gone.line} of the previous revision.`;
  const excuse = firstSurplus({ from, fromMarks: excusesOf(from, isMake), to, toMarks: excusesOf(to, isMake) });
  return excuse === null ? null : `It lets the pipeline pass in spite of failures: line ${excuse.line} adds "${excuse.key}".`;
}

function steps(lines: Lines): Mark[] {
  return marksOf(lines, checking, ([found]) => found);
}

// A dash before a command makes `make` pass over its failure, and nothing else.
function excusesOf(lines: Lines, isMake: boolean): Mark[] {
  return (isMake ? excuses : excuses.slice(0, -1)).flatMap((pattern) => marksOf(lines, pattern, (match) => match[1] ?? match[0]));
}
