import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A real repository, driven by the ordinary git as its owner would, with none of the machine's own settings. */
export interface TestRepository {
  readonly folder: string;
  /** Standard output without its last newline. */
  git(...args: string[]): string;
  write(file: string, content: string | Uint8Array): void;
  read(file: string): string;
  /** Adds and commits everything and returns the id. */
  commitAll(message?: string): string;
  id(revision: string): string;
  /** Subjects, newest first. */
  log(): string[];
}

export function makeRepository(folder: string, ...initOptions: string[]): TestRepository {
  mkdirSync(folder, { recursive: true });
  const repository = openRepository(folder);
  repository.git('init', '-q', '-b', 'main', ...initOptions);
  return repository;
}

export function openRepository(folder: string): TestRepository {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org', GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.org' };
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  return {
    folder,
    git,
    write: (file, content) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    },
    read: (file) => readFileSync(path.join(folder, file), 'utf8'),
    commitAll: (message = 'base') => {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    id: (revision) => git('rev-parse', revision),
    log: () => git('log', '--format=%s').split('\n'),
  };
}
