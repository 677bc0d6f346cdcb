/**
 * What a model writes when it improves a text: blocks of plain lines, or the whole text of a short file.
 *
 *     Change: why
 *     <<<<<<< SEARCH            <<<<<<< WHOLE
 *     lines as they are         the whole text
 *     =======                   >>>>>>> WHOLE
 *     lines as they shall be
 *     >>>>>>> REPLACE
 *
 * Plain lines and not JSON: every provider can write them, code needs no escaping (a backslash that a model forgets to double
 * changes the code without a sign), and a block without its end shows where an answer was cut. Where the text itself has lines
 * that look like markers, the markers carry a tag that occurs nowhere in it.
 */

/** Follows every marker after a space; '' where the text has no line that could be taken for one. */
export type MarkerTag = string;

export interface Edit {
  /** Lines as they are, without their ends. */
  readonly search: readonly string[];
  /** Lines as they shall be; none where the lines go. */
  readonly replace: readonly string[];
  /** What the model says of it. Untrusted. */
  readonly why?: string;
}

export type EditAnswer =
  | { readonly kind: 'edits'; readonly edits: readonly Edit[] }
  | { readonly kind: 'whole'; readonly text: string; readonly why?: string }
  | { readonly kind: 'nothing' }
  /** One sentence for each thing that is wrong, for the model. */
  | { readonly kind: 'unreadable'; readonly reasons: readonly string[] };

/** More edits than one answer to one question has. */
export const maxEdits = 200;

const markerLine = /^(?:<{7} (?:SEARCH|WHOLE)|={7}|>{7} (?:REPLACE|WHOLE))[^\S\n]*$/m;
const changeLine = /^[\s>*_`#-]{0,8}change\s{0,4}:[*_\s]{0,4}(.{1,400})/i;
const nothingLine = /^[\s*_`"']{0,8}nothing to improve[\s*_`"'.!]{0,8}$/i;

/** The tag for blocks about a text: the nonce, which occurs nowhere in it, where one of its lines could be taken for a marker. */
export function markerTag(text: string, nonce: string): MarkerTag {
  return markerLine.test(text) ? nonce : '';
}

/** The marker lines that a prompt shows. */
export function markerLines(tag: MarkerTag): Readonly<Record<'search' | 'divider' | 'replace' | 'whole' | 'wholeEnd', string>> {
  const end = tag === '' ? '' : ` ${tag}`;
  return {
    search: `<<<<<<< SEARCH${end}`,
    divider: `=======${end}`,
    replace: `>>>>>>> REPLACE${end}`,
    whole: `<<<<<<< WHOLE${end}`,
    wholeEnd: `>>>>>>> WHOLE${end}`,
  };
}

interface Block {
  readonly kind: 'edit' | 'whole';
  readonly lines: readonly string[];
  readonly why?: string;
}

/** Reads an answer; prose around the blocks, fences too, is passed over. */
export function readEditBlocks(answer: string, tag: MarkerTag): EditAnswer {
  const lines = answer.replaceAll('\r\n', '\n').split('\n');
  const markers = markerLines(tag);
  const blocks = findBlocks(lines, markers);
  if (typeof blocks === 'string') return unreadable(blocks);
  if (blocks.length > 0) return fromBlocks(blocks, markers.divider);
  if (lines.some((line) => nothingLine.test(line))) return { kind: 'nothing' };
  return unreadable(`The answer has neither a block that begins with the line "${markers.search}" nor the words "NOTHING TO IMPROVE".`);
}

function findBlocks(lines: readonly string[], markers: Opened['markers']): Block[] | string {
  const blocks: Block[] = [];
  let why: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!.trimEnd();
    if (line !== markers.search && line !== markers.whole) {
      why = changeLine.exec(line)?.[1] ?? why;
      continue;
    }
    const kind = line === markers.search ? 'edit' : 'whole';
    const end = endOf(lines, { from: at + 1, kind, markers });
    if (end === -1) return `Block ${blocks.length + 1} does not end with the line "${kind === 'edit' ? markers.replace : markers.wholeEnd}".`;
    blocks.push({ kind, lines: lines.slice(at + 1, end), ...(why === undefined ? {} : { why }) });
    why = undefined;
    at = end;
  }
  return blocks;
}

interface Opened {
  readonly from: number;
  readonly kind: Block['kind'];
  readonly markers: ReturnType<typeof markerLines>;
}

// A block that begins inside another one means that the first has no end.
function endOf(lines: readonly string[], { from, kind, markers }: Opened): number {
  const end = kind === 'edit' ? markers.replace : markers.wholeEnd;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at]!.trimEnd();
    if (line === end) return at;
    if (kind === 'edit' && (line === markers.search || line === markers.whole)) return -1;
  }
  return -1;
}

function fromBlocks(blocks: readonly Block[], divider: string): EditAnswer {
  const [first] = blocks;
  const wholes = blocks.filter(({ kind }) => kind === 'whole').length;
  if (first !== undefined && wholes === 1 && blocks.length === 1) {
    return { kind: 'whole', text: first.lines.join('\n'), ...(first.why === undefined ? {} : { why: first.why }) };
  }
  if (wholes > 0) return unreadable('Write either search and replace blocks or one whole text, not both and not two of them.');
  if (blocks.length > maxEdits) return unreadable(`There are ${blocks.length} edits; write at most ${maxEdits}.`);
  const read = blocks.map((block, index) => readEdit(block, { divider, number: index + 1 }));
  const reasons = read.flatMap((edit) => (typeof edit === 'string' ? [edit] : []));
  if (reasons.length > 0) return { kind: 'unreadable', reasons };
  return { kind: 'edits', edits: read.filter((edit) => typeof edit !== 'string') };
}

function readEdit({ lines, why }: Block, { divider, number }: { readonly divider: string; readonly number: number }): Edit | string {
  const dividers = lines.flatMap((line, index) => (line.trimEnd() === divider ? [index] : []));
  const [at] = dividers;
  if (at === undefined) return `Edit ${number} has no line "${divider}" between what is there and what shall be there.`;
  if (dividers.length > 1) return `Edit ${number} has more than one line "${divider}", so that it is unclear where the replacement begins.`;
  return { search: lines.slice(0, at), replace: lines.slice(at + 1), ...(why === undefined ? {} : { why }) };
}

function unreadable(reason: string): EditAnswer {
  return { kind: 'unreadable', reasons: [reason] };
}
