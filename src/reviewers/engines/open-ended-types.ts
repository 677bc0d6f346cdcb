import ts from 'typescript';

/**
 * Names of classes and interfaces of the file whose base cannot be known from it, because its import was not resolved:
 * what such a type lacks, its base may have. Bases that extend such a type count too.
 */
export function openEndedTypes(program: ts.Program, path: string): ReadonlySet<string> {
  const source = program.getSourceFile(path);
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  // In the order of the text, as a class must stand before the one that extends it.
  const visit = (node: ts.Node): void => {
    if ((ts.isClassLike(node) || ts.isInterfaceDeclaration(node)) && node.name !== undefined && hasUnknownBase(node, checker, found)) found.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  if (source !== undefined) visit(source);
  return found;
}

function hasUnknownBase({ heritageClauses }: ts.ClassLikeDeclaration | ts.InterfaceDeclaration, checker: ts.TypeChecker, known: ReadonlySet<string>): boolean {
  const bases = (heritageClauses ?? []).filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword).flatMap(({ types }) => [...types]);
  return bases.some(({ expression }) => known.has(expression.getText()) || (checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Any) !== 0);
}
