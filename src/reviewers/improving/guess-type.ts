import { languageOf } from '#domain/artifact.ts';
import { endingOf, endingOfLanguage } from './file-types.ts';

export interface GuessedType {
  /** '.py', or a whole name such as 'Dockerfile'. */
  readonly ending: string;
  /** Words for people: 'its first line names an interpreter'. */
  readonly why: string;
}

/** How much of a text is looked at. */
const lookedAt = 20_000;

interface Sign {
  readonly ending: string;
  /** Each counts once for every line it fits, at most `enough` times. */
  readonly lines: RegExp;
}

const signs: readonly Sign[] = [
  { ending: '.py', lines: /^\s*(?:(?:async )?def \w+\(.{0,200}\).{0,60}:|class \w+.{0,80}:|from [\w.]+ import |import [\w.]+(?: as \w+)?$|if __name__ == |elif .{1,80}:$|except\b.{0,60}:$|print\()/ },
  { ending: '.ts', lines: /^\s*(?:export )?(?:declare )?(?:interface \w+|type \w+(?:<.{1,40}>)? =|enum \w+|abstract class )|^\s*import type |\b(?:const|let|function|readonly|private|public)\b.{0,120}:\s?(?:string|number|boolean|void|unknown|Promise<|\w+\[\])/ },
  { ending: '.js', lines: /^\s*(?:export (?:default )?)?(?:(?:async )?function\b|class \w+.{0,40}\{|(?:const|let|var) \w+ = )|^\s*(?:import .{1,120} from ['"]|module\.exports\b)|\brequire\(['"]|=> [{(]|\bconsole\.\w+\(/ },
  { ending: '.css', lines: /^\s*(?:[.#]?[\w-]+(?:[ ,>:.#][^{};]{0,80})?\s?\{\s*$|[a-z-]{2,30}:\s?[^;{}]{1,80};$|@media\b|@import\b)/ },
  { ending: '.go', lines: /^(?:package \w+$|func (?:\(.{1,40}\) )?\w+\(|import \($)|:= / },
  { ending: '.rs', lines: /^\s*(?:pub )?(?:fn \w+|struct \w+|impl\b|use [\w:]+|enum \w+)|\blet mut / },
  { ending: '.java', lines: /^\s*(?:public|private|protected) (?:static |final |abstract )*(?:class|interface|enum|void|int|String)\b|^package [\w.]+;|^import [\w.]+;/ },
  { ending: '.sql', lines: /^\s*(?:select .{1,200} from|create (?:table|index|view)|insert into|update \w+ set|delete from|alter table)\b/i },
  { ending: '.sh', lines: /^\s*(?:set -[eux]|if \[\[? |fi$|done$|esac$|echo |export \w+=|function \w+ ?\{)/ },
  { ending: '.html', lines: /^\s*<(?:!doctype html|html|head|body|div|p|ul|section|script|style|meta|link)\b/i },
  { ending: '.toml', lines: /^\s*(?:\[\[?[\w."-]+\]\]?$|[\w.-]+ = (?:["'[{\d]|true|false))/ },
  { ending: '.yaml', lines: /^\s*(?:- )?[\w."'/-]+:(?: [^{};]{0,200})?$/ },
  { ending: 'Dockerfile', lines: /^(?:FROM [\w./:-]+|RUN |CMD \[|ENTRYPOINT |WORKDIR |COPY )/ },
  { ending: '.md', lines: /^(?:#{1,6} \S|\s{0,3}[-*] \S|\s{0,3}\d+\. \S|\|.{1,400}\|$|(?:```|~~~)|> )|[。、]/ },
];

const taskWords: readonly (readonly [RegExp, string])[] = [
  [/\bpython\b|パイソン/i, '.py'],
  [/\btypescript\b|タイプスクリプト/i, '.ts'],
  [/\bjavascript\b|\bnode\.?js\b|ジャバスクリプト/i, '.js'],
  [/\b(?:bash|shell|sh)\b.{0,20}\bscript\b|\bbash\b|シェル(?:スクリプト)?/i, '.sh'],
  [/\bdockerfile\b/i, 'Dockerfile'],
  [/\bmakefile\b/i, 'Makefile'],
  [/\bhtml\b|web ?page|ウェブページ/i, '.html'],
  [/\bcss\b|stylesheet|スタイルシート/i, '.css'],
  [/\bsql\b/i, '.sql'],
  [/\byaml\b|\byml\b/i, '.yaml'],
  [/\btoml\b/i, '.toml'],
  [/\bjson\b/i, '.json'],
  [/\brust\b/i, '.rs'],
  [/\bgolang\b|\bgo (?:program|function|package|code)\b/i, '.go'],
  [/\bjava\b/i, '.java'],
  [/\bmarkdown\b|\breadme\b|\b(?:document|specification|spec|report|guide|manual|article|proposal|minutes|memo|essay|letter|plan|design doc)\b|仕様書?|設計書?|手順書?|ドキュメント|議事録|報告書?|提案書?|記事|マニュアル|資料|説明書|計画書?|要件/i, '.md'],
];

/** A type by its signs needs so many lines that show it, … */
const least = 2;
/** … or this share of the lines that are not blank. */
const share = 0.3;

/** What kind of file a text is, from what is in it, then from the words of its task; a document where nothing speaks for anything. */
export function guessType(text: string, task: string): GuessedType {
  const head = text.slice(0, lookedAt);
  const byShebang = head.startsWith('#!') ? (shellEnding(head) ?? endingOfLanguage(languageOf('', head))) : undefined;
  if (byShebang !== undefined) return { ending: byShebang, why: 'its first line names an interpreter' };
  if (isJson(head, text.length)) return { ending: '.json', why: 'it is JSON' };
  const bySigns = strongest(head);
  const byTask = taskWords.find(([words]) => words.test(task.slice(0, lookedAt)))?.[1];
  if (bySigns !== undefined && (byTask === undefined || bySigns.isClear)) return { ending: related(bySigns.ending, byTask), why: 'its lines look like it' };
  if (byTask !== undefined) return { ending: byTask, why: 'the task speaks of it' };
  return { ending: '.md', why: 'nothing in it speaks for a program' };
}

function shellEnding(text: string): string | undefined {
  const word = /^#![^\n]{0,100}?\b(bash|sh|zsh|ruby|php|lua)\b/.exec(text)?.[1];
  return word === undefined ? undefined : endingOf(word);
}

function isJson(head: string, length: number): boolean {
  if (!/^\s*[{[]/.test(head) || length > lookedAt) return false;
  try {
    JSON.parse(head);
    return true;
  } catch {
    return false;
  }
}

function strongest(text: string): { readonly ending: string; readonly isClear: boolean } | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '').map((line) => line.slice(0, 400));
  const counts = signs.map(({ ending, lines: pattern }) => ({ ending, count: lines.filter((line) => pattern.test(line)).length }));
  const best = counts.reduce((most, next) => (next.count > most.count ? next : most));
  if (best.count === 0) return undefined;
  return { ending: best.ending, isClear: best.count >= least && best.count / lines.length >= share };
}

// Typed and plain scripts show the same signs, most of all in short files.
function related(bySigns: string, byTask: string | undefined): string {
  const isScript = bySigns === '.js' || bySigns === '.ts';
  return isScript && (byTask === '.js' || byTask === '.ts') ? byTask : bySigns;
}
