import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { sourceUrl } from './crash.ts';

/** One run's two effects, as a worker would have them done; the same on every attempt. */
export interface Effects {
  readonly root: string;
  readonly runId: string;
  readonly original: string;
  readonly content: string;
  readonly base: { readonly branch: string | null; readonly head: string | null; readonly blob: string | null };
}

// What an attempt does, in this process or in one that will be killed.
const source = `
import { createHash } from 'node:crypto';
const { saveFile } = await import(${JSON.stringify(sourceUrl('io/save.ts'))});
const { commitFile } = await import(${JSON.stringify(sourceUrl('io/git/commit.ts'))});
async function attempt({ effects, crashAt }) {
  const { root, runId, original, content, base } = effects;
  const bytes = (text) => new TextEncoder().encode(text);
  const step = (name) => { if (name === crashAt) process.kill(process.pid, 'SIGKILL'); };
  saveFile({ root, path: 'x.md', rules: {}, expectedSha256: createHash('sha256').update(original).digest('hex'), content: bytes(content), runKey: runId, step });
  return commitFile({ root, path: 'x.md', original: bytes(original), content: bytes(content), base, run: { runId, iteration: 1, score: 90 },
    subject: 'Improve x.md', at: '2026-11-21T10:20:30Z', step });
}
`;

/** A process that has loaded everything and waits to be told what to do, so that a kill hits the work and not the start. */
export interface WaitingAttempt {
  readonly child: ChildProcess;
  /** Resolves when it has ended, by itself or not; with what it printed. */
  run(effects: Effects, crashAt?: string): Promise<{ readonly signal: NodeJS.Signals | null; readonly output: string }>;
}

export function prepareAttempt(): WaitingAttempt {
  const script = `${source}
    process.stdin.once('data', async (line) => {
      try { console.log(JSON.stringify(await attempt(JSON.parse(line)))); process.exit(0); }
      catch (error) { console.log(error.code ?? error); process.exit(1); }
    });`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ signal: NodeJS.Signals | null; output: string }>((resolve) => child.once('close', (_, signal) => resolve({ signal, output })));
  return {
    child,
    run: (effects, crashAt) => {
      child.stdin.write(JSON.stringify({ effects, crashAt }));
      return ended;
    },
  };
}

/** Ends a process, and with `andGit` also the git commands it had started, as the death of the machine would. */
export function kill(child: ChildProcess, andGit: boolean): void {
  const victims = andGit ? childrenOf(child.pid!) : [];
  for (const pid of [child.pid!, ...victims]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}
