import type { RawFinding } from './engines/engine.ts';

const longestMessage = 300;
/** Strings so long are data: a type error quotes the literal it is about. */
const longLiteral = /"[^\s"]{24,}"/g;

/** Cleans messages of secrets that were found in the text and of long literals; a message is one line, at most 300 units. */
export function redactor(text: string, findings: readonly RawFinding[]): (message: string) => string {
  const secrets = findings.filter(({ meaning }) => meaning === 'secret').map(({ start, end }) => text.slice(start, end));
  const words = [...new Set(secrets.flatMap((secret) => secret.split(/[\s"'`=:;,]+/)))].filter((word) => word.length >= 6).toSorted((a, b) => b.length - a.length);
  return (message) => {
    let clean = message;
    for (const word of words) clean = clean.replaceAll(word, '***');
    clean = clean.replace(longLiteral, '"…"').replace(/\s+/g, ' ').trim();
    return clean.length > longestMessage ? `${clean.slice(0, longestMessage - 1)}…` : clean;
  };
}
