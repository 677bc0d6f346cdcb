import type { JailScratch } from '#io/jail-scratch.ts';

/** Languages, times, proxies and certificates: all of the worker's environment that every agent is given. */
const passed = ['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()])];

/** The whole environment of a run. The search path is fixed: the worker's may begin in a project. */
export function agentEnvironment(worker: Readonly<Record<string, string | undefined>>, scratch: JailScratch, more: readonly string[] = []): Record<string, string> {
  const handedOn = [...passed, ...more].flatMap((name) => (worker[name] === undefined ? [] : [[name, worker[name]] as const]));
  return {
    LANG: 'C.UTF-8',
    ...Object.fromEntries(handedOn),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: scratch.home,
    TMPDIR: scratch.tmp,
    XDG_CONFIG_HOME: `${scratch.home}/.config`,
    XDG_CACHE_HOME: `${scratch.home}/.cache`,
    XDG_DATA_HOME: `${scratch.home}/.local/share`,
    XDG_STATE_HOME: `${scratch.home}/.local/state`,
    TERM: 'dumb',
    NO_COLOR: '1',
  };
}
