import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommitRequest } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import type { TestRepository } from './git-repository.ts';

/** What a run has done before it commits: opened the file (x.md), looked at git, and saved its result. */
export async function afterSaving(repository: TestRepository, content: string, options: Partial<CommitRequest> = {}): Promise<CommitRequest> {
  const [root, file] = [options.root ?? repository.folder, options.path ?? 'x.md'];
  const state = await inspectGit({ root, path: file });
  if (state === null) throw new Error('no repository');
  const place = path.join(root, file);
  const original = existsSync(place) ? readFileSync(place) : null;
  writeFileSync(place, content);
  return {
    root,
    path: file,
    original,
    content: new TextEncoder().encode(content),
    base: { branch: state.branch, head: state.head, blob: state.blob },
    run: { runId: 'run-1', iteration: 2, score: 91.5 },
    subject: 'Improve x.md: score 60 to 91.5',
    at: '2026-11-21T10:20:30.400Z',
    ...options,
  };
}

/** Runs a test with the home folder of a user who has set up nothing. Returns what puts the old one back. */
export function useHome(folder: string): () => void {
  const before = process.env['HOME'];
  process.env['HOME'] = folder;
  return () => {
    process.env['HOME'] = before;
  };
}
