import { z } from 'zod';
import { modelCallTimeoutMs } from '#domain/limits.ts';
import type { Environment } from './settings-environment.ts';
import type { Layer, Setting } from './settings-layers.ts';
import { settingsError } from './settings-problems.ts';

/** Seed 003's own variables; they govern `evaluate_document` and the reading of models' answers. */
export interface EvaluationSettings {
  /** How a model's answer is read. */
  readonly mode: 'flexible' | 'strict';
  readonly useMock: boolean;
  /** 0–10, of `evaluate_document` only. */
  readonly targetScore: number;
  readonly codexTimeoutMs: number;
  readonly codexSupportsJsonFormat: boolean;
  /** A prompt of the user's own with {{document_content}} in it. */
  readonly promptPath?: string;
}

const flag = z.string().regex(/^(?:true|false|1|0)$/i, 'true or false').transform((word) => /^(?:true|1)$/i.test(word));

/** Seed 003: default 5 minutes, at most 30. */
const longestTimeoutMs = 1_800_000;

const decimal = /^\d+(?:\.\d+)?$/;

const variables = {
  EVALUATION_MODE: { key: 'mode', schema: z.enum(['flexible', 'strict']) },
  USE_MOCK_EVALUATOR: { key: 'useMock', schema: flag },
  TARGET_SCORE: { key: 'targetScore', schema: z.string().regex(decimal, 'a number from 0 to 10').transform(Number).refine((score) => score <= 10, 'a number from 0 to 10') },
  CODEX_TIMEOUT: {
    key: 'codexTimeoutMs',
    schema: z.string().regex(/^\d+$/, 'a whole number of milliseconds').transform(Number).refine((ms) => ms >= 1 && ms <= longestTimeoutMs, `a time from 1 to ${longestTimeoutMs} milliseconds`),
  },
  CODEX_SUPPORTS_JSON_FORMAT: { key: 'codexSupportsJsonFormat', schema: flag },
  EVALUATION_PROMPT_PATH: { key: 'promptPath', schema: z.string().max(4096) },
} as const satisfies Readonly<Record<string, { readonly key: keyof EvaluationSettings; readonly schema: z.ZodType }>>;

const defaults: EvaluationSettings = { mode: 'flexible', useMock: false, targetScore: 8, codexTimeoutMs: modelCallTimeoutMs, codexSupportsJsonFormat: false };

/**
 * Reads seed 003's variables; an empty one is none.
 *
 * Out     `layer` by names such as 'evaluation.mode', for showing
 * Fails   Misconfigured CONFIG_INVALID
 */
export function readEvaluation(environment: Environment): { readonly evaluation: EvaluationSettings; readonly layer: Layer } {
  const layer = new Map<string, Setting>();
  let evaluation = defaults;
  for (const [variable, { key, schema }] of Object.entries(variables)) {
    const text = environment[variable]?.trim() ?? '';
    const read = text === '' ? null : schema.safeParse(text);
    if (read !== null && !read.success) throw settingsError(read.error.issues, { name: variable });
    if (read !== null) evaluation = { ...evaluation, [key]: read.data };
    layer.set(`evaluation.${snake(key)}`, { value: evaluation[key] ?? null, origin: read === null ? 'default' : `environment ${variable}` });
  }
  return { evaluation, layer };
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
