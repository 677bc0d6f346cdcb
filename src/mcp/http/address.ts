import { AppError } from '#domain/errors.ts';

export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

/** Where no port is given: beside those of Temporal and its Web UI, which begin with 7 and 8 as well. */
const usualPort = 8740;

/**
 * Reads `[HOST:]PORT`; an empty text is the usual port of this machine alone.
 *
 * Fails   InvalidInput INPUT_INVALID
 */
export function readHttpAddress(text: string): HttpAddress {
  if (text === '') return { host: '127.0.0.1', port: usualPort };
  const [, bracketed, name, digits] = /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw invalid(`--http takes [HOST:]PORT, such as 8740 or 0.0.0.0:8740; ${JSON.stringify(text.slice(0, 80))} is none.`);
  return { host: bracketed ?? name ?? '127.0.0.1', port };
}

/**
 * Reads the address by which clients call through a proxy.
 *
 * Fails   InvalidInput INPUT_INVALID
 */
export function readPublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw invalid('--public-url takes the address that clients call, such as https://reviews.example, without user, query or fragment.');
  return url;
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}
