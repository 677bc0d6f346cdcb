import { languageOf, type Language } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { baseName } from './content-name.ts';
import { hasKnownEnding } from './file-types.ts';
import { guessType } from './guess-type.ts';
import { folderInTask, nameInTask } from './task-names.ts';

export interface Place {
  /** Relative to the root, with '/'. */
  readonly name: string;
  /** One sentence for people. */
  readonly why: string;
  readonly language: Language;
}

export interface PlaceInput {
  readonly task: string;
  /** What the caller asked for. */
  readonly asked?: string;
  /** What the model proposes; '' for nothing. */
  readonly proposed: string;
  readonly text: string;
  readonly rules: PathRules;
  /** Paths of files that the project has. */
  readonly files: readonly string[];
}

/**
 * Where a drafted file goes: the name that was asked for, else the one that the task speaks of, else the model's, else one made from
 * what the text is and calls itself, in the folder that the task or the project suggests.
 *
 * Fails   InvalidInput PATH_*, EXT_NOT_ALLOWED
 */
export function choosePlace(input: PlaceInput): Place {
  const { name, why } = chosen(input);
  checkDraftPath(name, input.rules);
  return { name, why, language: languageOf(name, input.text) };
}

/** Fails like `checkPath`, and with PATH_DENIED_NAME for hidden files and folders: nothing drafted is hidden from its reader. */
export function checkDraftPath(path: string, rules: PathRules): void {
  const hidden = checkPath(path, rules).some((segment) => segment.startsWith('.'));
  if (hidden) throw new AppError('InvalidInput', 'PATH_DENIED_NAME', `The path ${shownPath(path)} is refused: hidden files and folders are not drafted.`);
}

function isAllowed(path: string, { allowedExtensions, forbidden }: PathRules): boolean {
  try {
    checkDraftPath(path, { ...(allowedExtensions && { allowedExtensions }), ...(forbidden && { forbidden }) });
    return true;
  } catch {
    return false;
  }
}

function chosen(input: PlaceInput): Omit<Place, 'language'> {
  if (input.asked !== undefined) return { name: input.asked, why: 'The name was given.' };
  const named = nameInTask(input.task);
  // A file that is there already is what the task is about, not what it asks for; the model knows better.
  if (named !== undefined && !input.files.includes(named) && isAllowed(named, input.rules)) return placed(input, named, 'The task names it');
  if (hasKnownEnding(input.proposed)) return placed(input, input.proposed, 'The model named it');
  const type = guessType(input.text, input.task);
  if (!type.ending.startsWith('.')) return placed(input, type.ending, `It is a ${type.ending}: ${type.why}`);
  const base = input.proposed === '' ? baseName(input.text, type.ending) : input.proposed;
  return placed(input, `${base}${type.ending}`, `It ends in ${type.ending} because ${type.why}`);
}

function placed({ task, rules, files }: PlaceInput, name: string, why: string): Omit<Place, 'language'> {
  if (name.includes('/')) return { name, why: `${why}.` };
  const asked = folderInTask(task);
  if (asked !== undefined) return { name: `${asked}/${name}`, why: `${why}; the task names the folder.` };
  const allowed = allowedFolder(name, rules);
  if (allowed !== undefined) return { name: `${allowed}/${name}`, why: `${why}; the settings allow that folder.` };
  const usual = usualFolder(name, files);
  return usual === undefined ? { name, why: `${why}.` } : { name: `${usual}/${name}`, why: `${why}; the project keeps such files there.` };
}

// Where the root itself is not allowed, the folder that suits best, else the first.
function allowedFolder(name: string, { allowedDirectories = [] }: PathRules): string | undefined {
  const folders = allowedDirectories.map((folder) => folder.replace(/^\.\/|\/$/g, ''));
  if (folders.length === 0 || folders.includes('.') || folders.includes('')) return undefined;
  return folders.find((folder) => suits(folder, name)) ?? folders[0];
}

/** So many files of a kind in one folder are a habit. */
const habit = 2;

function usualFolder(name: string, files: readonly string[]): string | undefined {
  if (standsInRoot.test(name)) return undefined;
  const ending = name.slice(name.lastIndexOf('.'));
  const counts = new Map<string, number>();
  for (const file of files) if (file.endsWith(ending)) counts.set(folderOf(file), (counts.get(folderOf(file)) ?? 0) + 1);
  const [most] = [...counts].filter(([folder, count]) => count >= habit && (folder === '' || suits(folder, name))).toSorted((a, b) => b[1] - a[1]);
  return most === undefined || most[0] === '' ? undefined : most[0];
}

const standsInRoot = /^(?:readme|changelog|contributing|license|security|architecture|dockerfile|makefile)\b|^(?:package|tsconfig|pyproject)\./i;

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

function suits(folder: string, name: string): boolean {
  const isDocument = /\.(?:md|txt)$/.test(name);
  const isTest = /(?:^|[._-])(?:test|spec)[._-]|_test\./.test(name);
  if (/(?:^|\/)(?:docs?|documents?|manuals?|specs?)(?:\/|$)/i.test(folder)) return isDocument;
  if (/(?:^|\/)(?:tests?|__tests__)(?:\/|$)/i.test(folder)) return isTest;
  return !isDocument && !isTest;
}
