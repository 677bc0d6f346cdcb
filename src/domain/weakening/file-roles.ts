/** What a file is to the checks of its project, by its path alone. */
export interface FileRoles {
  readonly isDocument: boolean;
  readonly isPython: boolean;
  readonly isTest: boolean;
  /** Settings of linters, type checkers, test runners and coverage. */
  readonly isSettings: boolean;
  /** A list of what tools pass over: .eslintignore. */
  readonly isIgnoreList: boolean;
  /** CI, hooks and the scripts that they call. */
  readonly isPipeline: boolean;
  readonly isMarkdownlint: boolean;
}

const document = /\.(?:md|markdown|mdx|txt|rst|adoc|html?)$/;
const test =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e)\/|\.(?:test|spec|it|e2e|cy)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]*\.py$|_(?:test|spec)\.(?:py|go|rb)$|(?:^|\/)(?:conftest|tests)\.py$|tests?\.(?:java|kt|cs)$/;
const settings =
  /(?:^|\/)(?:\.(?:eslintrc|oxlintrc|biome|markdownlint|markdownlint-cli2|stylelintrc|secretlintrc|textlintrc|yamllint|pylintrc|flake8|ruff|mypy|coveragerc|nycrc|c8rc|golangci|jshintrc|rubocop|semgrep|bandit|hadolint)(?:\.[a-z.]+)?|(?:eslint|vitest|jest|playwright|karma|oxlint|stylelint|commitlint)\.config\.[a-z]+|biome\.jsonc?|[tj]sconfig[^/]*\.json|ruff\.toml|pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini|pylintrc|koubou\.yaml|codecov\.ya?ml|sonar-project\.properties|clippy\.toml|package\.json)$/;
const ignoreList = /(?:^|\/)\.[a-z]+ignore$/;
const noIgnoreList = /(?:^|\/)\.(?:git|npm|docker|gcloud|helm)ignore$/;
const pipeline =
  /(?:^|\/)(?:\.github\/(?:workflows|actions)\/|\.circleci\/|\.husky\/|\.buildkite\/|\.ci\/)|(?:^|\/)(?:\.gitlab-ci\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile|\.pre-commit-config\.ya?ml|lefthook\.ya?ml|makefile|justfile|taskfile\.ya?ml|package\.json|tox\.ini|noxfile\.py)$/;

export function rolesOf(name: string): FileRoles {
  const path = name.slice(-1_000).toLowerCase();
  return {
    isDocument: document.test(path),
    isPython: /\.pyi?$/.test(path),
    isTest: test.test(path) && !document.test(path),
    isSettings: settings.test(path),
    isIgnoreList: ignoreList.test(path) && !noIgnoreList.test(path),
    isPipeline: pipeline.test(path),
    isMarkdownlint: /(?:^|\/)\.markdownlint[^/]*$/.test(path),
  };
}
