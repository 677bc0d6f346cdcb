/** Shorter values are words such as 'none' or 'ollama', which would tear holes into every text. */
const shortestValue = 8;
/** A line of a key file is a secret of its own, in case only part of the file is shown. */
const shortestLine = 16;
const mark = '[redacted]';

export interface ValueRedactor {
  /** The text with every known value replaced by '[redacted]'. */
  text(text: string): string;
  /** The same for text that comes in chunks, wherever they are cut; linear in the text, holds back less than the longest form of a value. */
  stream(): { write(chunk: string): string; end(): string };
}

/**
 * Hides exact secret values: as they are, in JSON, URL-encoded, and in base64 at any place of a longer text.
 * Overlapping values become one mark. Values below 8 units are left alone.
 */
export function createValueRedactor(values: readonly string[]): ValueRedactor {
  const forms = [...new Set(values.flatMap((value) => [value, ...value.split(/\r?\n/).filter((line) => line.length >= shortestLine)]).flatMap(formsOf))];
  const stream = (): { write(chunk: string): string; end(): string } => {
    let kept = '';
    // Units at the beginning of `kept` that belong to a mark already written.
    let hidden = 0;
    const take = (text: string, until: number): string => {
      const { clean, over } = hide(text, { ranges: rangesIn(text, hidden, forms), hidden, until });
      [kept, hidden] = [text.slice(until), Math.max(over - until, 0)];
      return clean;
    };
    return {
      write(chunk) {
        const text = kept + chunk;
        return take(text, undecidedFrom(text, forms));
      },
      end: () => take(kept, kept.length),
    };
  };
  return {
    stream,
    text(text) {
      const whole = stream();
      return whole.write(text) + whole.end();
    },
  };
}

function formsOf(value: string): string[] {
  if (value.length < shortestValue) return [];
  const plain = [value, JSON.stringify(value).slice(1, -1), ...urlForms(value.toWellFormed())];
  const bytes = Buffer.from(value);
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((offset) => base64Inside(bytes, offset))];
  return [...plain, ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(form)])];
}

// As addresses, as strict ones and as forms have it, with either case of hexadecimal digits.
function urlForms(value: string): string[] {
  const url = encodeURIComponent(value);
  const strict = url.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const inForm = new URLSearchParams([['', value]]).toString().slice(1);
  return [url, strict, inForm].flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

// Three bytes make four characters, so what stands before a value shifts its base64; its first and last characters mix with the neighbours.
function base64Inside(bytes: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '');
  return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

type Range = readonly [start: number, end: number];

// Where values stand, in order and without overlaps; the first `hidden` units are one.
function rangesIn(text: string, hidden: number, forms: readonly string[]): Range[] {
  const found: Range[] = hidden > 0 ? [[0, hidden]] : [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push([at, at + form.length]);
  }
  const merged: Range[] = [];
  for (const [start, end] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}

// The first position from which a value may yet grow with the next chunk.
function undecidedFrom(text: string, forms: readonly string[]): number {
  const longest = Math.max(0, ...forms.map(({ length }) => length));
  for (let at = Math.max(0, text.length - longest + 1); at < text.length; at += 1) {
    const tail = text.slice(at);
    if (forms.some((form) => form.length > tail.length && form.startsWith(tail))) return at;
  }
  return text.length;
}

function hide(text: string, { ranges, hidden, until }: { readonly ranges: readonly Range[]; readonly hidden: number; readonly until: number }): { clean: string; over: number } {
  let clean = '';
  let over = hidden;
  for (const [start, end] of ranges) {
    if (start >= until) break;
    clean += text.slice(over, start) + (start < hidden ? '' : mark);
    over = end;
  }
  return { clean: clean + text.slice(over, Math.max(over, until)), over };
}
