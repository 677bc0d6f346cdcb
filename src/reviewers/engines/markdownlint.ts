import { lint } from 'markdownlint/sync';
import type { Configuration, LintError } from 'markdownlint';
import { beginningOf } from './large-text.ts';
import type { Edit, Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { isMeantAsHeading, markdownRules, markdownSettings } from './markdownlint-rules.ts';
import { positionsOf, type TextPositions } from './text-positions.ts';

/** Structure, links and cosmetics of Markdown by markdownlint; of a text too big for that, its beginning. */
export function createMarkdownlintEngine(): Engine {
  return { analyze };
}

function analyze(document: EngineDocument): EngineOutput {
  const text = document.depth === 'full' ? document.text : beginningOf(document.text);
  const errors = lint({ strings: { artifact: text }, config: markdownSettings() as Configuration })['artifact'] ?? [];
  const positions = positionsOf(document.text);
  // A lone carriage return makes its lines other than ours.
  const isEditable = !/\r(?!\n)/.test(text);
  const findings = errors.flatMap((error) => toFinding(error, positions, isEditable) ?? []);
  // Anything is Markdown: what goes wrong shows as text, so every document parses.
  return { findings, parses: true };
}

function toFinding(error: LintError, positions: TextPositions, isEditable: boolean): RawFinding | null {
  const code = error.ruleNames[0] ?? '';
  const rule = markdownRules.get(code);
  const line = positions.lineText(error.lineNumber);
  if (rule === undefined || (code === 'MD018' && !isMeantAsHeading(line))) return null;
  const [column, length] = (error.errorRange as [number, number] | null) ?? [1, line.length];
  const start = positions.offsetOf(error.lineNumber, column);
  const { category, severity, confidence, safe } = rule;
  const edit = isEditable && safe ? toEdit(error, positions) : null;
  return {
    ruleId: `markdownlint/${code}`,
    category,
    severity,
    confidence,
    message: error.errorDetail ? `${error.ruleDescription}: ${error.errorDetail}` : error.ruleDescription,
    start,
    end: Math.max(start, positions.offsetOf(error.lineNumber, column + length)),
    ...(edit === null ? {} : { edits: [edit] }),
  };
}

function toEdit({ fixInfo, lineNumber: errorLine }: LintError, positions: TextPositions): Edit | null {
  if (fixInfo == null) return null;
  const { lineNumber = errorLine, editColumn = 1, deleteCount = 0, insertText = '' } = fixInfo;
  const start = positions.offsetOf(lineNumber, editColumn);
  if (deleteCount === -1) return { start: positions.offsetOf(lineNumber, 1), end: positions.offsetOf(lineNumber + 1, 1), text: '' };
  return { start, end: positions.offsetOf(lineNumber, editColumn + deleteCount), text: insertText };
}
