import { AppError } from './errors.ts';

/** How a file's text lies on the disk, beyond the text itself: what saving restores. */
export interface TextShape {
  readonly bom: boolean;
  /** 'mixed': line ends (or lone carriage returns) that differ; the text then keeps them as they are. */
  readonly eol: 'lf' | 'crlf' | 'mixed';
  readonly finalNewline: boolean;
}

export interface DecodedText {
  /** Without byte order mark; with LF alone unless `eol` is 'mixed'. */
  readonly text: string;
  readonly shape: TextShape;
}

const bom = '\uFEFF';

/**
 * Decodes the bytes of a text file; `encodeText` gives exactly the same bytes back.
 *
 * Fails   InvalidInput INPUT_BINARY for NUL bytes, UTF-16 and what is not UTF-8
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const raw = decodeUtf8(bytes);
  const body = raw.startsWith(bom) ? raw.slice(1) : raw;
  const eol = eolOf(body);
  return {
    text: eol === 'crlf' ? body.replaceAll('\r\n', '\n') : body,
    shape: { bom: body !== raw, eol, finalNewline: body.endsWith('\n') },
  };
}

/** The bytes of a text in the shape its file had: byte order mark, line ends, and with or without a final newline. */
export function encodeText(text: string, shape: TextShape): Uint8Array {
  const unmarked = !shape.bom && text.startsWith(bom) ? text.slice(1) : text;
  const unified = shape.eol === 'mixed' ? unmarked : unmarked.replaceAll('\r\n', '\n');
  const ended = withFinalNewline(unified, shape.finalNewline);
  const body = shape.eol === 'crlf' ? ended.replaceAll('\n', '\r\n') : ended;
  return new TextEncoder().encode(shape.bom ? bom + body : body);
}

function decodeUtf8(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw binary('it is UTF-16. Convert it to UTF-8');
  }
  if (bytes.includes(0)) throw binary('it has NUL bytes. Give a text file in UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw binary('it is not valid UTF-8. Convert it, or give a text file');
  }
}

function binary(why: string): AppError {
  return new AppError('InvalidInput', 'INPUT_BINARY', `The input cannot be read as text: ${why}.`);
}

function eolOf(body: string): TextShape['eol'] {
  let crlf = 0;
  for (let at = body.indexOf('\r'); at >= 0; at = body.indexOf('\r', at + 1)) {
    if (body[at + 1] !== '\n') return 'mixed';
    crlf += 1;
  }
  if (crlf === 0) return 'lf';
  let newlines = 0;
  for (let at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', at + 1)) newlines += 1;
  return newlines === crlf ? 'crlf' : 'mixed';
}

function withFinalNewline(text: string, wanted: boolean): string {
  if (wanted) return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end -= text[end - 2] === '\r' ? 2 : 1;
  return text.slice(0, end);
}
