import { visibleLine } from '#reports/visible.ts';
import type { Standing } from '#mcp/standing.ts';
import type { ToolAnswer } from './tool.ts';

/** An answer about a run: the facts, and for hosts that show only text the same in a few lines. */
export function answerOf(standing: Standing): ToolAnswer {
  return { structured: standing, text: textOf(standing) };
}

function textOf(standing: Standing): string {
  const { run_id: runId, state, next_step: next, score, target_score: target, reason, waiting_for: waitingFor, note } = standing;
  const known = typeof score === 'number' ? `, score ${score}${typeof target === 'number' ? ` of ${target}` : ''}` : '';
  const lines = [`Run ${runId} is ${state.replaceAll('_', ' ')}${known}.`, reason, waitingFor, note, errorLine(standing), ...findingLines(standing), ...reviewLines(standing), next];
  return lines.filter((line) => typeof line === 'string' && line !== '').join('\n');
}

/** Why a run failed, with the code; '' where its reason says so already. */
export function errorLine({ error, reason }: Standing): string {
  const { message = '', code = '' } = (error ?? {}) as { message?: string; code?: string };
  return message === '' || message === reason ? '' : `${message} [${code}]`;
}

function reviewLines({ reviews }: Standing): string[] {
  if (!Array.isArray(reviews)) return [];
  return (reviews as readonly { path: string; state: string; score: number | null; run_id?: string; error?: { code: string } }[]).map(({ path, state, score, run_id: runId, error }) =>
    `- ${visibleLine(path)}: ${state.replaceAll('_', ' ')}${score === null ? '' : `, score ${score}`}${runId === undefined ? '' : `, run_id ${runId}`}${error === undefined ? '' : ` [${error.code}]`}`);
}

function findingLines({ top_findings: found }: Standing): string[] {
  if (!Array.isArray(found)) return [];
  return (found as readonly { severity: string; line: number; message: string }[]).map(({ severity, line, message }) => `- ${severity}, line ${line}: ${message}`);
}
