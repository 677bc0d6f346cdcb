import type { AskContext, ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';

/** A provider that gives the answers of a script in turn and remembers what it was asked. */
export interface ScriptedProvider extends ModelProvider {
  readonly asked: { readonly request: ModelRequest; readonly context: AskContext }[];
  readonly forgotten: ModelRequest[];
}

export type Scripted = string | Partial<ModelAnswer> | Error | ((request: ModelRequest) => string);

export const scriptedUsage = { inputTokens: 100, outputTokens: 20, costUsd: null };

export function scriptedProvider(...script: Scripted[]): ScriptedProvider {
  const asked: ScriptedProvider['asked'] = [];
  const forgotten: ModelRequest[] = [];
  return {
    id: 'scripted',
    kind: 'mock',
    asked,
    forgotten,
    forget: async (request) => void forgotten.push(request),
    ask: async (request, context) => {
      const next = script[asked.length];
      asked.push({ request, context });
      if (next === undefined) throw new Error(`the script has no answer ${asked.length}`);
      if (next instanceof Error) throw next;
      const answer = typeof next === 'function' ? { text: next(request) } : typeof next === 'string' ? { text: next } : next;
      return { text: '', finish: 'stop', model: 'scripted-1', usage: scriptedUsage, ...answer };
    },
    facts: async () => ({ id: 'scripted', kind: 'mock', version: '1', model: 'scripted-1', login: 'no key needed', jail: null, problem: null }),
  };
}

export function block(search: string, replace: string): string {
  return `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
}
