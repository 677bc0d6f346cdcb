import { z } from 'zod';
import { reportWireSchema } from './report.ts';

/** What `evaluate_document` answers (seed 003, contracts §5). Readers must bear fields they do not know. */
export const evaluationResultSchema = z.object({
  ready_for_implementation: z.boolean().describe('Computed: the score reaches the target and no blocker stands'),
  score: z.number().min(0).max(10).nullable().describe('0-10; null where nothing could be judged'),
  target_score: z.number().min(0).max(10),
  conclusion: z.string(),
  rationale: z.string(),
  analysis: z.object({ strengths: z.array(z.string()), weaknesses: z.array(z.string()) }),
  recommendations: z.array(z.string()),
  blockers: z.array(z.string()),
  technical_notes: z.string(),
  categories: reportWireSchema.shape.categories,
  findings: reportWireSchema.shape.findings,
  model_score: z.number().nullable().optional().describe("The model's own number, 0-10; it decides nothing"),
  model_ready: z.boolean().nullable().optional().describe("The model's own word; it decides nothing"),
  warnings: z.array(z.string()).optional(),
  panel: reportWireSchema.shape.panel,
  context: reportWireSchema.shape.context,
  run_id: z.string(),
  reviewer: z.string(),
});

export type EvaluationResult = z.infer<typeof evaluationResultSchema>;
