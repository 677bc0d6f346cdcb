import { visibleLine } from '#reports/visible.ts';
import { displayWidth, padTo } from '#reports/width.ts';

/** Rows as aligned columns with a head; nothing in them that a terminal would obey. '' for no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = [head, ...rows].map((row) => row.map(visibleLine));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  return cells.map((row) => `${row.map((cell, column) => padTo(cell, widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
}
