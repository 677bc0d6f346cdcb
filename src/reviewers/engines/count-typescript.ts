import ts from 'typescript';
import { newUnit, type Counted, type Unit } from './code-metrics.ts';
import { nonBlankLines } from './large-text.ts';

const decisionKinds = new Set([
  ts.SyntaxKind.IfStatement, ts.SyntaxKind.ConditionalExpression, ts.SyntaxKind.ForStatement, ts.SyntaxKind.ForInStatement, ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement, ts.SyntaxKind.DoStatement, ts.SyntaxKind.CaseClause, ts.SyntaxKind.CatchClause,
  // Tokens.
  ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken, ts.SyntaxKind.BarBarEqualsToken, ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** Counts tokens, decisions and lines of TypeScript or JavaScript, each token for the innermost function around it. */
export function countTypeScript(source: ts.SourceFile): Counted {
  const units: [Unit, ...Unit[]] = [newUnit(null, 0, 0)];
  const lines = new Set<number>();
  const visit = (node: ts.Node, unit: Unit): void => {
    if (ts.isJSDoc(node)) return;
    const inner = hasBody(node) ? enter(node, source) : unit;
    if (inner !== unit) units.push(inner);
    if (decisionKinds.has(node.kind)) inner.decisions += 1;
    const children = node.getChildren(source);
    if (children.length === 0) countToken(node, inner, { source, lines });
    for (const child of children) visit(child, inner);
  };
  visit(source, units[0]);
  return { units, lines: lines.size, commentLines: nonBlankLines(source.text) - lines.size };
}

type WithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

function hasBody(node: ts.Node): node is WithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function enter(node: WithBody, source: ts.SourceFile): Unit {
  const start = node.getStart(source);
  const head = source.text.slice(start, node.body.getStart(source)).trimEnd();
  return newUnit(nameOf(node, source), start, start + Math.max(1, head.length));
}

function nameOf(node: WithBody, source: ts.SourceFile): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const named = node.name ?? ('name' in node.parent ? (node.parent.name as ts.Node | undefined) : undefined);
  return named === undefined ? 'A function' : named.getText(source).slice(0, 80);
}

interface Counters {
  readonly source: ts.SourceFile;
  readonly lines: Set<number>;
}

function countToken(node: ts.Node, unit: Unit, { source, lines }: Counters): void {
  const text = node.getText(source);
  if (text.trim() === '') return;
  unit.tokens += 1;
  unit.vocabulary.add(text);
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  for (const [offset, part] of text.split('\n').entries()) {
    if (part.trim() === '') continue;
    unit.lines.add(first + offset);
    lines.add(first + offset);
  }
}
