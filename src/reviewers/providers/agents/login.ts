import path from 'node:path';
import { readTextIfAny } from '#io/jail-scratch.ts';
import type { FileLogin, Login, LoginSource, VariableLogin } from './adapter.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The first of an agent's sources that is there; null where none is. */
export function findLogin(sources: readonly LoginSource[], environment: Environment): Login | null {
  for (const source of sources) {
    const login = 'variable' in source ? loginInVariable(source, environment) : loginInFile(source, environment);
    if (login !== null) return login;
  }
  return null;
}

function loginInVariable(source: VariableLogin, environment: Environment): Login | null {
  const value = environment[source.variable];
  if (value === undefined || value.trim() === '') return null;
  return { told: `${source.word} in ${source.variable}`, environment: { [source.as ?? source.variable]: value }, file: null };
}

function loginInFile(source: FileLogin, environment: Environment): Login | null {
  const home = environment['HOME'];
  const named = source.folderVariable === undefined ? undefined : environment[source.folderVariable];
  const folder = named ?? (home === undefined ? undefined : path.join(home, source.folder));
  if (folder === undefined || !path.isAbsolute(folder)) return null;
  const file = path.join(folder, source.file);
  if (readTextIfAny(file, largestLogin) === null) return null;
  const told = home !== undefined && file.startsWith(`${home}/`) ? `~${file.slice(home.length)}` : file;
  return { told: `login in ${told}`, environment: {}, file };
}

/** Bytes; no agent's own is near it. */
const largestLogin = 1_000_000;

/** Every value that must never be shown: keys, the tokens of a login, a proxy's password. */
export function secretsOf(login: Login | null, environment: Environment): string[] {
  const inFile = login?.file === null || login === null ? '' : (readTextIfAny(login.file, largestLogin) ?? '');
  const passwords = Object.entries(environment).flatMap(([name, value]) => (/^https?_proxy$|^all_proxy$/i.test(name) ? [passwordOf(value)] : []));
  // What is so long and without spaces is a token or an id.
  return [...Object.values(login?.environment ?? {}), ...(inFile.match(/[^\s"]{20,}/g) ?? []), ...passwords];
}

function passwordOf(address: string | undefined): string {
  return URL.canParse(address ?? '') ? decodeURIComponent(new URL(address ?? '').password) : '';
}
