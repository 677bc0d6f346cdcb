import ts from 'typescript';
import type { RawFinding } from './engine.ts';

/** Comparing operators that convert, and the ones that do the same where both sides have one type anyway. */
const strict = new Map([
  [ts.SyntaxKind.EqualsEqualsToken, '==='],
  [ts.SyntaxKind.ExclamationEqualsToken, '!=='],
]);

const primitives = [ts.TypeFlags.StringLike, ts.TypeFlags.NumberLike, ts.TypeFlags.BooleanLike, ts.TypeFlags.BigIntLike];

/**
 * Finds `==` between two values of one primitive type, where `===` means the same and so is a safe edit.
 * Biome finds every `==` but knows no types; the two remarks become one, with this edit.
 */
export function looseEqualities(program: ts.Program, path: string): RawFinding[] {
  const checker = program.getTypeChecker();
  const found: RawFinding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && strict.has(node.operatorToken.kind) && haveOnePrimitive(checker, node)) found.push(toFinding(node.operatorToken));
    ts.forEachChild(node, visit);
  };
  const source = program.getSourceFile(path);
  if (source !== undefined) visit(source);
  return found;
}

function haveOnePrimitive(checker: ts.TypeChecker, { left, right }: ts.BinaryExpression): boolean {
  const kinds = [left, right].map((side) => primitiveOf(checker.getTypeAtLocation(side)));
  return kinds[0] !== undefined && kinds[0] === kinds[1];
}

// Undefined for any, unknown, null, undefined, objects, enums and mixtures.
function primitiveOf(type: ts.Type): ts.TypeFlags | undefined {
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some((part) => (part.flags & ts.TypeFlags.EnumLike) !== 0)) return undefined;
  return primitives.find((primitive) => parts.every((part) => (part.flags & primitive) !== 0));
}

function toFinding(operator: ts.Node): RawFinding {
  const start = operator.getStart();
  const text = strict.get(operator.kind)!;
  return {
    ruleId: 'typescript/loose-equality',
    category: 'logic',
    severity: 'medium',
    confidence: 0.9,
    message: `Both sides have the same type: compare with ${text}.`,
    suggestion: `Use ${text}.`,
    start,
    end: operator.end,
    meaning: 'loose-equality',
    edits: [{ start, end: operator.end, text }],
  };
}
