import { existsSync } from 'node:fs';
import { run } from './process.ts';
import { findCommand } from './service-process.ts';

/** By what a process tree ends with the worker, the safest first. */
export const jailKinds = ['bubblewrap', 'pid namespace', 'process group'] as const;
export type JailKind = (typeof jailKinds)[number];

export interface JailedCommand {
  /** Absolute. */
  readonly command: string;
  readonly args: readonly string[];
  /** Files and folders it may write; under bubblewrap everything else is read-only. */
  readonly writable: readonly string[];
  /** Folders that bubblewrap shows empty, such as the user's home … */
  readonly hidden: readonly string[];
  /** … and what is seen all the same, such as the program itself. */
  readonly readable: readonly string[];
  /** False leaves it no network at all where `cutsNetwork`. */
  readonly network: boolean;
  /** Shown at another place than their own, under bubblewrap alone; a later one may lie inside an earlier one. */
  readonly mounts?: readonly JailMount[];
}

export interface JailMount {
  /** Absolute, both. */
  readonly from: string;
  readonly to: string;
  readonly writable: boolean;
}

export interface Jail {
  readonly kind: JailKind;
  readonly cutsNetwork: boolean;
  /** The command line that runs the command inside. */
  wrap(command: JailedCommand): { readonly command: string; readonly args: readonly string[] };
}

/** Where the tools are looked for: never where a project may have put its own. */
const toolPath = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

const known = new Map<string, Promise<Jail>>();

/**
 * The best jail this machine allows, tried out once per process.
 *
 * In      kinds: those that may be taken; searchPath: where bwrap, unshare and setpriv are looked for
 */
export function findJail(kinds: readonly JailKind[] = jailKinds, searchPath: string = toolPath): Promise<Jail> {
  const key = JSON.stringify([kinds, searchPath]);
  const found = known.get(key) ?? firstThatWorks(kinds, searchPath);
  known.set(key, found);
  return found;
}

async function firstThatWorks(kinds: readonly JailKind[], searchPath: string): Promise<Jail> {
  if (process.platform === 'linux') {
    const tool = (name: string): string | null => findCommand(name, searchPath);
    const candidates = [bubblewrap(tool('bwrap'), tool('setpriv')), ...pidNamespaces({ unshare: tool('unshare'), setpriv: tool('setpriv'), ip: tool('ip') })];
    for (const jail of candidates) {
      if (jail !== null && kinds.includes(jail.kind) && (await works(jail))) return jail;
    }
    return processGroup(tool('setpriv'));
  }
  return processGroup(null);
}

// User namespaces may be forbidden, by a sysctl, a container's seccomp rules or AppArmor: only trying tells.
async function works(jail: Jail): Promise<boolean> {
  const { command, args } = jail.wrap({ command: '/bin/sh', args: ['-c', 'test "$(cat /proc/self/stat | cut -d" " -f1)" -lt 100'], writable: [], hidden: [], readable: [], network: false });
  try {
    await run(command, args, { cwd: '/', env: { PATH: toolPath }, timeoutMs: 5_000, maxBytes: 64_000 });
    return true;
  } catch {
    return false;
  }
}

// It would see to its own end only once its namespaces stand; a worker that dies before that would leave it.
function bubblewrap(bwrap: string | null, setpriv: string | null): Jail | null {
  if (bwrap === null) return null;
  return {
    kind: 'bubblewrap',
    cutsNetwork: true,
    wrap: ({ command, args, writable, hidden, readable, network, mounts = [] }) => {
      const binds = (option: string, files: readonly string[]): string[] => files.filter((file) => existsSync(file)).flatMap((file) => [option, file, file]);
      const isolation = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', ...(network ? [] : ['--unshare-net']), '--die-with-parent'];
      const files = [
        '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp',
        ...hidden.filter((folder) => folder !== '/' && existsSync(folder)).flatMap((folder) => ['--tmpfs', folder]),
        ...binds('--ro-bind', readable), ...binds('--bind', writable),
        ...mounts.flatMap(({ from, to, writable: open }) => [open ? '--bind' : '--ro-bind', from, to]),
        // It starts in what is mounted over the folder it would have started in.
        ...mounts.slice(0, 1).flatMap(({ to }) => ['--chdir', to]),
      ];
      const line = [...isolation, ...files, '--', command, ...args];
      return setpriv === null ? { command: bwrap, args: line } : { command: setpriv, args: ['--pdeathsig', 'KILL', '--', bwrap, ...line] };
    },
  };
}

/** The first process of a namespace has to collect what others leave, and ignores signals it does not ask for: a shell does both. */
const init = (before: string): string[] => ['/bin/sh', '-c', `${before}"$@"; exit $?`, 'koubou-agent'];

interface NamespaceTools {
  readonly unshare: string | null;
  readonly setpriv: string | null;
  /** Without it the own machine is not reached either where there is no network. */
  readonly ip: string | null;
}

function pidNamespaces({ unshare, setpriv, ip }: NamespaceTools): readonly (Jail | null)[] {
  if (unshare === null || setpriv === null) return [];
  const up = ip === null ? '' : `${ip} link set lo up 2>/dev/null; `;
  const jail = ({ rights, keep, drop }: { readonly rights: readonly string[]; readonly keep: readonly string[]; readonly drop: readonly string[] }): Jail => ({
    kind: 'pid namespace',
    cutsNetwork: true,
    wrap: ({ command, args, network }) => ({
      command: setpriv,
      args: [
        '--pdeathsig', 'KILL', '--', unshare, ...rights, ...(network ? [] : keep), '--pid', '--fork', '--kill-child', '--mount-proc', ...(network ? [] : ['--net']),
        '--', ...init(network ? '' : up), ...(network ? [] : drop), command, ...args,
      ],
    }),
  });
  // What makes the namespace may bring its loopback up; what runs in it may do nothing more than before.
  const mapped = jail({ rights: ['--user', '--map-current-user'], keep: ['--keep-caps'], drop: [setpriv, '--ambient-caps=-all', '--inh-caps=-all', '--'] });
  // Root needs no user namespace, and may be forbidden to make one.
  return [...(process.getuid?.() === 0 ? [jail({ rights: [], keep: [], drop: [] })] : []), mapped];
}

// The agent itself still ends with the worker where setpriv exists; its children are found by their marker.
function processGroup(setpriv: string | null): Jail {
  return {
    kind: 'process group',
    cutsNetwork: false,
    wrap: ({ command, args }) => (setpriv === null ? { command, args } : { command: setpriv, args: ['--pdeathsig', 'KILL', '--', command, ...args] }),
  };
}
