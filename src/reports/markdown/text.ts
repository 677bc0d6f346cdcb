import { visible, visibleLine } from '#reports/visible.ts';

/** Invisible and without width: keeps '@name', '#12' and addresses from becoming mentions and links. */
const wordJoiner = '\u2060';

// What GitHub makes something of outside Markdown's own rules: mentions, issue numbers, addresses, emoji names.
const actors = /@(?=\w)|(?<=\\#)(?=\d)|(?<=\bGH-)(?=\d)|(?<=:)(?=\/\/)|(?<=\bwww)(?=\.)|(?<=\b(?:mailto|xmpp):)|:(?=[a-z][\w+-]*:|[+-]1:)/gi;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' };

/** Untrusted text as one line of Markdown that shows exactly that text: no markup, HTML, link, mention or table cell comes of it. */
export function text(untrusted: string): string {
  return visibleLine(untrusted)
    .replace(/[&<>|\\`*_[\]#~$]/g, (character) => entities[character] ?? `\\${character}`)
    .replace(/^[-+=]/, (character) => `\\${character}`)
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(actors, (character) => character + wordJoiner);
}

/** Untrusted text that may hold several paragraphs. */
export function paragraphs(untrusted: string): string[] {
  return untrusted.split(/\n\s*\n/).map(text).filter((paragraph) => paragraph !== '');
}

/** Untrusted text as a code span, for names, paths and rules; inside a table a pipe is text instead. */
export function code(untrusted: string): string {
  const line = visibleLine(untrusted);
  if (line === '') return '';
  if (line.includes('|')) return text(line);
  const fence = '`'.repeat(longestRun(line) + 1);
  const blank = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return fence + blank + line + blank + fence;
}

/** Untrusted text of many lines as a fenced block that nothing in it can close. */
export function fenced(language: string, untrusted: string): string {
  const block = visible(untrusted).replace(/\n$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(block) + 1));
  return `${fence}${language}\n${block}\n${fence}`;
}

/** A table; cells are Markdown already and hold no line break. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function longestRun(line: string): number {
  return Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
}
