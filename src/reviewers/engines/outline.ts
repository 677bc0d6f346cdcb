import ts from 'typescript';
import { proseLines } from './prose.ts';
import type { PythonDefinition } from './python-tokens.ts';

/** At most so many lost parts are named. */
const lostLimit = 20;

const testCalls = new Set(['describe', 'test', 'it', 'suite', 'context']);

/** What a text offers to others: exports, tests or headings, each as people would name it. */
export type Outline = ReadonlySet<string>;

/** Parts of the previous outline that are missing now, in their old order, at most 20. */
export function lostParts(previous: Outline, now: Outline): string[] {
  return [...previous].filter((part) => !now.has(part)).slice(0, lostLimit);
}

/** Exports (also of CommonJS) and the titles of tests. */
export function outlineOfTypeScript(source: ts.SourceFile): Outline {
  const parts = new Set<string>();
  for (const statement of source.statements) for (const name of exportsOf(statement)) parts.add(`export ${name}`);
  const visit = (node: ts.Node): void => {
    const title = titleOf(node);
    if (title !== null) parts.add(`test "${title}"`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return parts;
}

/** Public names of the top level, and tests at any depth. */
export function outlineOfPython(definitions: readonly PythonDefinition[]): Outline {
  const parts = new Set<string>();
  for (const { kind, name, depth } of definitions) {
    if (kind === 'def' && name.startsWith('test')) parts.add(`test ${name}`);
    else if (depth === 0 && !name.startsWith('_')) parts.add(`${kind} ${name}`);
  }
  return parts;
}

/** Headings outside of fences, without their marks: repairing '#Title' or a final full stop loses nothing. */
export function outlineOfMarkdown(text: string): Outline {
  const parts = new Set<string>();
  for (const { line, next } of proseLines(text)) {
    const plain = (headingOf(line, next) ?? '').replaceAll(/[#*_`~.,;:!?。、：]/g, '').replaceAll(/\s+/g, ' ').trim();
    if (/[\p{L}\p{N}]/u.test(plain)) parts.add(`heading "${plain}"`);
  }
  return parts;
}

function headingOf(line: string, next: string): string | null {
  const marked = /^ {0,3}#{1,6}(?!#)(.*)$/.exec(line)?.[1];
  if (marked !== undefined) return marked;
  return /^ {0,3}(?:=+|-+)\s*$/.test(next) ? line : null;
}

function exportsOf(statement: ts.Statement): string[] {
  if (ts.isExportAssignment(statement)) return ['default'];
  if (ts.isExportDeclaration(statement)) return exportedNames(statement);
  if (ts.isExpressionStatement(statement)) return commonJsNames(statement.expression);
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []).map(({ kind }) => kind) : [];
  return modifiers.includes(ts.SyntaxKind.ExportKeyword) ? declaredNames(statement, modifiers) : [];
}

function declaredNames(statement: ts.Statement, modifiers: readonly ts.SyntaxKind[]): string[] {
  if (modifiers.includes(ts.SyntaxKind.DefaultKeyword)) return ['default'];
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  return 'name' in statement && statement.name !== undefined ? [(statement.name as ts.Identifier).text] : [];
}

function exportedNames({ exportClause, moduleSpecifier }: ts.ExportDeclaration): string[] {
  if (exportClause === undefined) return [`* from ${moduleSpecifier?.getText() ?? ''}`];
  return ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [exportClause.name.text];
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

// module.exports = { a, b } · module.exports = x · exports.a = … · module.exports.a = …
function commonJsNames(expression: ts.Expression): string[] {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
  const target = expression.left.getText();
  if (target === 'module.exports') {
    if (!ts.isObjectLiteralExpression(expression.right)) return ['default'];
    return expression.right.properties.flatMap(({ name }) => (name === undefined ? [] : [name.getText()]));
  }
  const named = /^(?:module\.)?exports\.(\w+)$/.exec(target)?.[1];
  return named === undefined ? [] : [named];
}

function titleOf(node: ts.Node): string | null {
  if (!ts.isCallExpression(node)) return null;
  const callee = node.expression.getText().split('.')[0] ?? '';
  const [title] = node.arguments;
  return testCalls.has(callee) && title !== undefined && ts.isStringLiteralLike(title) ? title.text : null;
}
