import { AppError } from '#domain/errors.ts';
import { run, type RunResult } from '#io/process.ts';

/** Where git works: always told, never looked for by git itself. All absolute, without links. */
export interface GitPlace {
  readonly top: string;
  readonly gitDir: string;
  /** The main repository's git directory; `gitDir` itself unless this is a linked worktree. */
  readonly commonDir: string;
}

export interface GitCall {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Further settings, `key=value`. */
  readonly settings?: readonly string[];
  /** Exit codes that are an answer; default [0]. */
  readonly ok?: readonly number[];
}

const timeoutMs = 120_000;
const maxBytes = 256_000_000;

// Where package managers put git; the caller's PATH may lead into the repository that is being reviewed.
const searchPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/run/current-system/sw/bin';

// No settings but the repository's own, no replacement objects, no prompts, no transport that could start a program.
const environment: Readonly<Record<string, string>> = {
  PATH: searchPath,
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
};

// What a repository's own settings could make git run, or let git do behind our back.
const hardened = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.sshCommand=false',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'protocol.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'core.fsync=all',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
];

/**
 * Runs one git command that neither hooks, filters nor programs named in settings can interfere with.
 *
 * Fails   Unavailable GIT_LOCKED, GIT_FAILED, DISK_FULL · Misconfigured NOT_WRITABLE, COMMAND_NOT_FOUND · TimedOut
 */
export async function git(place: GitPlace, args: readonly string[], call: GitCall = {}): Promise<RunResult> {
  const settings = [...hardened, ...(call.settings ?? [])].flatMap((setting) => ['-c', setting]);
  const result = await run('git', ['--no-pager', ...settings, ...args], {
    cwd: place.top,
    env: { ...environment, GIT_DIR: place.gitDir, GIT_WORK_TREE: place.top, ...call.env },
    ...(call.input === undefined ? {} : { input: call.input }),
    timeoutMs,
    maxBytes,
    okExitCodes: 'any',
  });
  if ((call.ok ?? [0]).includes(result.exitCode)) return result;
  throw gitError(args[0] ?? '', result);
}

/** What git printed, less the newline at its end. */
export async function gitLine(place: GitPlace, args: readonly string[], call: GitCall = {}): Promise<string> {
  return (await git(place, args, call)).stdout.replace(/\n$/, '');
}

/** The settings of the repository and of the user together, read as data: no setting takes effect by being read. */
export async function readSettings(place: GitPlace, home: string): Promise<ReadonlyMap<string, string>> {
  const result = await run('git', ['config', '-z', '--list'], {
    cwd: place.top,
    env: { PATH: searchPath, HOME: home, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: place.gitDir, GIT_WORK_TREE: place.top },
    timeoutMs,
    maxBytes,
    okExitCodes: 'any',
  });
  if (result.exitCode !== 0) throw gitError('config', result);
  const settings = new Map<string, string>();
  for (const entry of result.stdout.split('\0')) {
    const newline = entry.indexOf('\n');
    if (entry !== '') settings.set(newline < 0 ? entry : entry.slice(0, newline), newline < 0 ? 'true' : entry.slice(newline + 1));
  }
  return settings;
}

/** True when what failed was the comparison of `update-ref`: the ref is not where it was expected. */
export function isMovedRef(error: unknown): boolean {
  const text = stderrOf(error);
  return /cannot lock ref .*(?:but expected|reference already exists|unable to resolve reference)/.test(text);
}

function gitError(command: string, result: RunResult): AppError {
  const cause = new Error(result.stderr.slice(-4_000));
  if (/\.lock': File exists/.test(result.stderr)) return lockedError({ cause });
  if (/No space left on device|Disk quota exceeded/.test(result.stderr)) {
    return new AppError('Unavailable', 'DISK_FULL', 'The disk (or the quota) of the repository is full. Free some space; it is tried again.', { cause });
  }
  if (/Permission denied|Read-only file system|insufficient permission/.test(result.stderr)) {
    return new AppError('Misconfigured', 'NOT_WRITABLE', 'The repository may not be written. Check its mode, its owner and whether the file system is read-only.', { cause });
  }
  return new AppError('Unavailable', 'GIT_FAILED', `git ${command} failed with exit code ${result.exitCode}; it is tried again. Try git fsck in the repository if it goes on.`, { cause });
}

export function lockedError(options: { cause?: unknown } = {}): AppError {
  return new AppError(
    'Unavailable',
    'GIT_LOCKED',
    "Another git command holds a lock of the repository; it is tried again. If none runs, remove the '.lock' file that git names.",
    options,
  );
}

function stderrOf(error: unknown): string {
  return error instanceof AppError && error.cause instanceof Error ? error.cause.message : '';
}
