import { z } from 'zod';
import type { DecisionForm, FormAnswer } from './tools/tool.ts';

/** The flat schema that clients draw a form from. */
export function decisionForm({ decisions, asksBudget }: DecisionForm) {
  return {
    type: 'object' as const,
    properties: {
      decision: { type: 'string' as const, title: 'Decision', enum: [...decisions] },
      ...(asksBudget ? { budget_usd: { type: 'number' as const, title: 'New budget in USD', minimum: 0 } } : {}),
      note: { type: 'string' as const, title: 'Note', description: 'Kept with the decision' },
    },
    required: ['decision'],
  };
}

const answer = z.object({ decision: z.string(), note: z.string().max(2_000).optional(), budget_usd: z.number().positive().optional() });

/** What was filled in; null where it is not what was asked for. */
export function readFormAnswer(content: unknown): FormAnswer | null {
  const read = answer.safeParse(content);
  if (!read.success) return null;
  const { decision, note, budget_usd: budgetUsd } = read.data;
  return { decision, ...(note === undefined ? {} : { note }), ...(budgetUsd === undefined ? {} : { budgetUsd }) };
}
