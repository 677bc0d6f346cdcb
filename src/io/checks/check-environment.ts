import path from 'node:path';
import type { JailScratch } from '#io/jail-scratch.ts';
import { isWithin } from '#io/within.ts';

/** Languages, times, and where some toolchains stand: all of the worker's environment that every check is given. */
const passed = ['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'JAVA_HOME', 'GOROOT'];
/** What reaching the network may need. */
const passedWithNetwork = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()])];

const systemPath = '/usr/local/bin:/usr/bin:/bin';

export interface CheckSurroundings {
  /** The worker's environment. */
  readonly worker: Readonly<Record<string, string | undefined>>;
  /** Absolute: no program is looked for in there by its name alone. */
  readonly root: string;
  readonly network: boolean;
}

/** The whole environment of a check's command. */
export function checkEnvironment({ worker, root, network }: CheckSurroundings, { home, tmp }: Pick<JailScratch, 'home' | 'tmp'>): Record<string, string> {
  const names = network ? [...passed, ...passedWithNetwork] : passed;
  return {
    LANG: 'C.UTF-8',
    ...Object.fromEntries(names.flatMap((name) => (worker[name] === undefined ? [] : [[name, worker[name]] as const]))),
    PATH: searchPath(worker['PATH'] ?? '', root),
    HOME: home,
    TMPDIR: tmp,
    XDG_CONFIG_HOME: `${home}/.config`,
    XDG_CACHE_HOME: `${home}/.cache`,
    XDG_DATA_HOME: `${home}/.local/share`,
    XDG_STATE_HOME: `${home}/.local/state`,
    CI: 'true',
    TERM: 'dumb',
    NO_COLOR: '1',
  };
}

// The worker's own, since toolchains are where the user has put them; less what a project may have put there.
function searchPath(workers: string, root: string): string {
  const folders = workers.split(path.delimiter).filter((folder) => path.isAbsolute(folder) && !isWithin(folder, root));
  return [...new Set([...folders, ...systemPath.split(':')])].join(path.delimiter);
}

/** What a toolchain is read from that stands in a place which the jail hides, such as the user's home. */
export function toolFolders(environment: Readonly<Record<string, string>>, hidden: readonly string[]): string[] {
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => hidden.some((place) => isWithin(folder, place)));
  return folders.flatMap((folder) => [folder, ...partsOf(folder, hidden)]);
}

function partsOf(folder: string, hidden: readonly string[]): string[] {
  const installation = path.dirname(folder);
  // What npm installs is a link to a package beside.
  if (path.basename(folder) === '.bin' && path.basename(installation) === 'node_modules') return [installation];
  if (path.basename(folder) !== 'bin' || hidden.includes(installation)) return [];
  return ['lib', 'lib64', 'libexec', 'include'].map((part) => path.join(installation, part));
}
