import { isAlias, isMap, isPair, isScalar, isSeq, type Scalar } from 'yaml';

/** Scalar keys that stand in a map for the second time, at any depth; merge keys may. */
export function repeatedKeys(node: unknown): Scalar[] {
  if (isPair(node)) return repeatedKeys(node.value);
  if (isMap(node)) return [...repeatedIn(node.items.map(({ key }) => key)), ...node.items.flatMap(repeatedKeys)];
  return isSeq(node) ? node.items.flatMap(repeatedKeys) : [];
}

function repeatedIn(keys: readonly unknown[]): Scalar[] {
  const seen = new Set<unknown>();
  return keys.filter(isScalar).filter(({ value }) => {
    const isRepeated = seen.has(value) && value !== '<<';
    seen.add(value);
    return isRepeated;
  });
}

/** How many nodes the text stands for once its aliases are followed; nothing is expanded to find out. */
export function expandedSize(node: unknown, sizes = new Map<string, number>()): number {
  // Anchors come before their aliases, so one walk in the order of the text knows every size it needs.
  if (isAlias(node)) return sizes.get(node.source) ?? 1;
  if (isPair(node)) return expandedSize(node.key, sizes) + expandedSize(node.value, sizes);
  if (!isMap(node) && !isSeq(node)) return 1;
  let size = 1;
  for (const item of node.items) size += expandedSize(item, sizes);
  if (node.anchor !== undefined) sizes.set(node.anchor, size);
  return size;
}
