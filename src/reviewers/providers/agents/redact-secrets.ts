/** Stands where a secret stood. */
export const redacted = '[redacted]';

/** Shorter values are words that occur anywhere. */
const shortestSecret = 6;

/**
 * Takes exact values out of text, also where they are base64 or percent-encoded.
 *
 * In      whole texts: a value that is split over two of them is not seen
 */
export function secretRedactor(secrets: readonly string[]): (text: string) => string {
  const values = [...new Set(secrets.map((secret) => secret.trim()).filter((secret) => secret.length >= shortestSecret))];
  const forms = [...new Set(values.flatMap((value) => [value, encodeURIComponent(value), ...base64Forms(value)]))].toSorted((a, b) => b.length - a.length);
  return (text) => forms.reduce((clean, form) => clean.replaceAll(form, redacted), text);
}

// Inside a longer text a value may begin at each of three places of a base64 group; only the characters that it alone decides are looked for.
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
    const start = Math.ceil((shift * 8) / 6);
    const length = Math.floor((bytes.length * 8) / 6) - start;
    const form = bytes.toString('base64').slice(start, start + length);
    return form.length < shortestSecret ? [] : [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
