/** Longest name without its ending, in characters. */
const longest = 40;
/** How much of a text is looked at. */
const lookedAt = 20_000;

const definitions: Readonly<Record<string, readonly RegExp[]>> = {
  '.py': [/^class (\w{3,60})/m, /^(?:async )?def (?!main\b|__)(\w{3,60})/m],
  '.ts': [/^export (?:abstract )?(?:class|interface|type) (\w{3,60})/m, /^(?:export )?(?:async )?(?:function|const) (?!main\b)(\w{3,60})/m],
  '.js': [/^(?:export )?class (\w{3,60})/m, /^(?:export )?(?:async )?(?:function|const) (?!main\b)(\w{3,60})/m],
};

/** A name without its ending, made from what a text calls itself: its first heading, title or definition; 'draft' where it has none. */
export function baseName(text: string, ending: string): string {
  const name = selfName(text.slice(0, lookedAt), ending);
  if (name !== undefined) return joined(name, ending === '.py' ? '_' : '-') || 'draft';
  return usual[ending] ?? 'draft';
}

const usual: Readonly<Record<string, string>> = { '.html': 'index', '.sh': 'run' };

function selfName(text: string, ending: string): string | undefined {
  if (ending === '.md' || ending === '.txt') return headingIn(text);
  if (ending === '.html') return /<title>([^<]{1,200})/i.exec(text)?.[1];
  const name = (definitions[ending] ?? []).map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  return name?.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('_', ' ');
}

function headingIn(text: string): string | undefined {
  return /^#{1,3}[ \t]{1,4}([^\n]{1,200})/m.exec(text)?.[1] ?? /^([^\n]{1,200})\n(?:={3,}|-{3,})[ \t]*$/m.exec(text)?.[1];
}

// Letters of every alphabet stay: a Japanese document may have a Japanese name.
function joined(words: string, sign: string): string {
  const parts = words.normalize('NFC').toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  let name = '';
  for (const part of parts) {
    if (name !== '' && name.length + part.length + 1 > longest) break;
    name = name === '' ? Array.from(part).slice(0, longest).join('') : `${name}${sign}${part}`;
  }
  return name;
}
