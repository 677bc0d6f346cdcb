/** A fenced block: in a programming language, whose words are not the answer's, or not. */
export interface FencedBlock {
  readonly start: number;
  readonly end: number;
  readonly isCode: boolean;
}

interface OpenBlock {
  readonly start: number;
  readonly mark: string;
  readonly isCode: boolean;
}

const fenceLine = /^[ \t]{0,8}(`{3,}|~{3,})[ \t]{0,4}([\w+#.-]{0,20})/gm;
const textLanguages = new Set(['', 'text', 'txt', 'plain', 'plaintext', 'md', 'markdown', 'yaml', 'yml', 'json', 'json5', 'jsonc', 'xml', 'html', 'toml', 'ini', 'output', 'result']);
/** More fences than an answer has; what follows them is taken for code. */
const maxFences = 2000;

/** The fenced blocks of a text, closed or not, in order. */
export function fencedBlocks(text: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: OpenBlock | undefined;
  for (const found of fences(text)) {
    const [line, mark = '', language = ''] = found;
    if (open === undefined) open = { start: found.index, mark, isCode: isCode(language) };
    else if (blocks.length === maxFences) break;
    else if (mark.startsWith(open.mark) && language === '') {
      blocks.push({ start: open.start, end: found.index + line.length, isCode: open.isCode });
      open = undefined;
    }
  }
  if (open === undefined) return blocks;
  return [...blocks, { start: open.start, end: text.length, isCode: open.isCode || blocks.length === maxFences }];
}

function fences(text: string): Iterable<RegExpExecArray> {
  return text.includes('```') || text.includes('~~~') ? text.matchAll(fenceLine) : [];
}

function isCode(language: string): boolean {
  return !textLanguages.has(language.toLowerCase());
}
