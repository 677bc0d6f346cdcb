import { visible } from '#reports/visible.ts';

// A symbol, so that no object read from JSON can pass for markup.
const markup = Symbol('markup');

/** Text that is HTML already; only `html` makes it. */
export interface Html {
  readonly [markup]: string;
}

export type HtmlValue = Html | string | number | null | undefined | readonly HtmlValue[];

/**
 * HTML from a template: every value is escaped unless it is itself the result of `html`; lists are joined, null and undefined
 * leave nothing. Attributes in the template must stand in double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = parts.reduce((before, part, index) => before + write(values[index - 1]) + part);
  return { [markup]: text };
}

/** The text of finished HTML. */
export function htmlText(value: Html): string {
  return value[markup];
}

/** Markup of this program's own that is no template: the style sheet. */
export function trusted(text: string): Html {
  return { [markup]: text };
}

function write(value: HtmlValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return isList(value) ? value.map(write).join('') : value[markup];
}

function isList(value: Html | readonly HtmlValue[]): value is readonly HtmlValue[] {
  return Array.isArray(value);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character]!);
}
