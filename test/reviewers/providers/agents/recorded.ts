import { readFileSync } from 'node:fs';
import type { AgentAdapter, AgentOutcome, Login } from '#reviewers/providers/agents/adapter.ts';
import { summarizeError } from '#domain/errors.ts';
import { createValueRedactor } from '#reviewers/providers/redact-values.ts';
import { toldError } from '#reviewers/providers/agents/told-error.ts';

export const someLogin: Login = { told: 'key in SOME_KEY', environment: { SOME_KEY: 'secret-of-the-test' }, file: null };

/** The output of a real program, with the question it may have been asked. */
export function outcomeOf(output: Partial<AgentOutcome>): AgentOutcome {
  const question = { request: { instructions: 'i', prompt: 'p' }, model: 'some-model', login: someLogin, baseUrl: null, home: '/home/run', inquiry: null };
  return { exitCode: 0, signal: null, stdout: '', stderr: '', question, left: () => null, ...output };
}

export function recorded(name: string): AgentOutcome {
  const { rc, signal, stdout, stderr } = JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as { rc: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
  return outcomeOf({ exitCode: rc, signal, stdout, stderr });
}

/** The answer, or the code and the message of what the provider would raise. */
export function readingOf(adapter: AgentAdapter, outcome: AgentOutcome): unknown {
  try {
    return adapter.read(outcome);
  } catch (error) {
    const told = toldError(error, { agent: adapter.name, login: someLogin, end: outcome, redact: createValueRedactor(['secret-of-the-test']) });
    const { kind, code } = summarizeError(told);
    return `${kind} ${code}`;
  }
}
