import { hasKnownEnding } from './file-types.ts';

/** Longest part of a task that is looked through for names. */
const lookedAt = 20_000;

const pathWord = /(?<![\p{L}\p{N}_@/.:~\\-])((?:[\p{L}\p{N}_-][\p{L}\p{N}_.-]{0,80}\/){0,10}[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,100})/gu;
const englishFolder = /\b(?:in|into|inside|under|to|below)\s{1,3}(?:the\s{1,3}|a\s{1,3})?[`"']?(?!the\b|a\b)((?:[\w-]{1,60}\/){0,8}[\w-]{1,60})\/?[`"']?\s{1,3}(?:folder|directory|dir)\b|\b(?:folder|directory)\s{1,3}[`"']?((?:[\w-]{1,60}\/){0,8}[\w-]{1,60})\/?/i;
const japaneseFolder = /[「『`"']?((?:[\p{L}\p{N}_-]{1,60}\/){0,8}[\w-]{1,60})\/?[」』`"']?\s{0,3}(?:フォルダ|ディレクトリ)/u;
const slashed = /(?<![\w@/.:~\\-])((?:[\w-]{1,60}\/){1,8})(?=[\s`"'」』、。,)にのへ]|$)/;

/** What is called like a file and is none. */
const products = /^(?:node|next|vue|react|nuxt|express|three|d3|chart|angular|ember|solid|alpine|nest|electron)\.[jt]s$/i;

/** The one file name that a task speaks of, such as 'docs/plan.md', or undefined where it names none or several. Addresses, absolute paths and hidden files do not count. */
export function nameInTask(task: string): string | undefined {
  const names = new Set(
    [...task.slice(0, lookedAt).matchAll(pathWord)]
      .map(([, word = '']) => withoutSentence(word))
      .filter((word) => hasKnownEnding(word) && !products.test(word)),
  );
  const [name] = names;
  return names.size === 1 ? name : undefined;
}

// 'config.yamlを' and 'Write plan.md.': Japanese words and full stops follow a name without a space.
function withoutSentence(word: string): string {
  const base = word.lastIndexOf('/') + 1;
  const ascii = /^(?:[^/]*\.[A-Za-z0-9]{1,10})(?=[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}.]|$)/u.exec(word.slice(base))?.[0];
  const name = ascii ?? /^[\w-]+/.exec(word.slice(base))?.[0] ?? '';
  const path = word.slice(0, base) + name;
  return path.replace(/^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]+(?=[\w-]+(?:\/|\.))/u, '').replace(/\.+$/, '');
}

/** The folder that a task speaks of, such as 'docs', or undefined. */
export function folderInTask(task: string): string | undefined {
  const text = task.slice(0, lookedAt);
  const found = [slashed, englishFolder, japaneseFolder].map((pattern) => pattern.exec(text)?.slice(1).find((group) => group !== undefined));
  const folder = found.find((group) => group !== undefined)?.replace(/\/$/, '');
  return folder === undefined || notFolders.has(folder.toLowerCase()) ? undefined : folder;
}

const notFolders = new Set(['a', 'an', 'the', 'this', 'that', 'same', 'current', 'root', 'project', 'new', 'with', 'for', 'and', 'or', 'of', 'structure', 'and/or']);
