type Present<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & { [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]> };

/** A row without its empty columns: absent fields, as shapes outside the database have them. */
export function dropNulls<T extends object>(row: T): Present<T> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Present<T>;
}

/** Text as a column takes it: PostgreSQL has no NUL, and half a surrogate pair is no character. */
export function columnText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** A stored JSON value; the caller names the type that was stored. */
export function parseStored<T>(json: string): T {
  return JSON.parse(json) as T;
}
