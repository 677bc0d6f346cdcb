/** What a detached service is told by the program that starts it. */
export interface DaemonArguments {
  /** Absolute: what a relative root of a raw request means. */
  readonly root: string;
  /** Leaves when idle. */
  readonly auto: boolean;
}

const mark = ['up', '--foreground-daemon'] as const;

/** The arguments with which the program becomes a detached service; not for people, so no table of commands has them. */
export function daemonArguments({ root, auto }: DaemonArguments): string[] {
  return [...mark, '--root', root, ...(auto ? ['--auto'] : [])];
}

/** The other way round; null where the arguments are a person's. */
export function readDaemonArguments(args: readonly string[]): DaemonArguments | null {
  const [command, daemon, rootFlag, root, auto] = args;
  if (command !== mark[0] || daemon !== mark[1] || rootFlag !== '--root' || root === undefined) return null;
  return { root, auto: auto === '--auto' };
}

/** Marks the lines of a service's log that whoever started it is to see. */
const progressMark = 'koubou: ';

/** How a detached service writes what it says. */
export function daemonLine(line: string): string {
  return `${progressMark}${line}`;
}

/** What of a detached service's log is for whoever started it: null for the rest. */
export function readDaemonLine(line: string): string | null {
  return line.startsWith(progressMark) ? line.slice(progressMark.length) : null;
}
