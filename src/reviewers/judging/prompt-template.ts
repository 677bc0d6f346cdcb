import { AppError } from '#domain/errors.ts';

/** A prompt with `{{name}}` where something is to be put. */
export interface PromptTemplate {
  /** For messages: 'prompts/review-code.md'. */
  readonly place: string;
  readonly text: string;
}

const variable = /\{\{([^{}\n]{1,60})\}\}/g;

/** The template of a prompt file. A comment at its beginning is for those who edit it and is not sent. */
export function toTemplate(place: string, file: string): PromptTemplate {
  const text = file.replaceAll('\r\n', '\n').trimStart();
  const end = text.startsWith('<!--') ? text.indexOf('-->') : -1;
  return { place, text: `${(end === -1 ? text : text.slice(end + 3)).trim()}\n` };
}

/** The names of a template's variables, each once. */
export function variablesOf({ text }: PromptTemplate): ReadonlySet<string> {
  return new Set([...text.matchAll(variable)].map(([, name = '']) => name.trim()));
}

/**
 * The template with its variables filled in, all at once: what a value holds is never taken for a variable.
 *
 * Fails   Misconfigured PROMPT_INVALID for a variable that has no value
 */
export function fillTemplate(template: PromptTemplate, values: Readonly<Record<string, string>>): string {
  const unknown = [...variablesOf(template)].find((name) => !Object.hasOwn(values, name));
  if (unknown !== undefined) throw new AppError('Misconfigured', 'PROMPT_INVALID', `The prompt ${template.place} has an unknown variable {{${unknown}}}. There is: ${Object.keys(values).toSorted().join(', ')}.`);
  return template.text.replace(variable, (_, name: string) => values[name.trim()]!);
}
