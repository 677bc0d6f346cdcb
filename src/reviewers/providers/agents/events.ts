/** A JSON object of an agent's output, not yet believed. */
export type Fields = Readonly<Record<string, unknown>>;

/** The JSON objects of an output of one object a line; other lines are passed over. */
export function eventsOf(output: string): Fields[] {
  return output.split('\n').map(objectOf).filter((event) => event !== null);
}

/** Text as a JSON object; null when it is none. */
export function objectOf(text: string): Fields | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return null;
  try {
    return JSON.parse(trimmed) as Fields;
  } catch {
    return null;
  }
}

/** The object below a name; empty when there is none. */
export function fieldsAt(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function textAt(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** A count or an amount; null where none is told. */
export function numberAt(fields: Fields, name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** The sum of those that are told; null where none is. */
export function sumOf(numbers: readonly (number | null)[]): number | null {
  const told = numbers.filter((number) => number !== null);
  return told.length === 0 ? null : told.reduce((sum, number) => sum + number, 0);
}
