import { createHash } from 'node:crypto';
import type { Finding, ScoredCategory } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import type { Review } from '#domain/review.ts';
import type { ScoreRules } from '#domain/scorecard.ts';
import { safeJson } from './json.ts';
import { analysisPayload, completionPayload, improvementPayload, requestPayload, resultPayload } from './message-payloads.ts';

/** What a report does not hold but the messages tell: the texts, and everything said about each of them. */
export interface MessageDetails {
  /** Revision 0; absent where nothing was opened. */
  readonly text?: string;
  readonly requested: readonly ScoredCategory[];
  readonly weights?: ScoreRules['weights'];
  /** First to last, as many as the report has iterations. */
  readonly iterations: readonly IterationDetails[];
}

export interface IterationDetails {
  /** Of the revision that this iteration reviewed. */
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly reviews: readonly Review[];
  /** ISO 8601; without it the time follows from the start and the durations. */
  readonly reviewedAt?: string;
}

/** The envelope of seed 004. */
export interface Message {
  readonly message_id: string;
  readonly task_id: string;
  readonly timestamp: string;
  readonly worker_source: WorkerName;
  readonly worker_target: WorkerName;
  readonly message_type: MessageType;
  readonly iteration: number;
  readonly payload: object;
}

type WorkerName = 'user' | 'task_worker' | 'pm_worker' | 'result_worker';
type MessageType = 'code_review_request' | 'code_analysis_result' | 'improvement_request' | 'review_completion' | 'review_result';

const routes: Readonly<Record<MessageType, readonly [WorkerName, WorkerName]>> = {
  code_review_request: ['user', 'task_worker'],
  code_analysis_result: ['task_worker', 'pm_worker'],
  improvement_request: ['pm_worker', 'task_worker'],
  review_completion: ['pm_worker', 'result_worker'],
  review_result: ['result_worker', 'user'],
};

/** The run as the five messages of seed 004, one JSON object a line, in the order they would have been sent. */
export function renderMessages(report: Report, details: MessageDetails): string {
  return buildMessages(report, details).map((message) => `${safeJson(message)}\n`).join('');
}

/** One request; per iteration an analysis and, where a candidate followed, the request for it; one completion; one result. */
export function buildMessages(report: Report, details: MessageDetails): Message[] {
  const last = details.iterations.length;
  const messages: Omit<Message, 'message_id' | 'task_id' | 'worker_source' | 'worker_target'>[] = [
    { message_type: 'code_review_request', iteration: Math.min(1, last), timestamp: report.startedAt, payload: requestPayload(report, details) },
  ];
  for (const [index, each] of details.iterations.entries()) {
    const place = { iteration: index + 1, timestamp: each.reviewedAt ?? reviewedAt(report, index) };
    messages.push({ message_type: 'code_analysis_result', ...place, payload: analysisPayload(each) });
    if (index + 1 < last) messages.push({ message_type: 'improvement_request', ...place, payload: improvementPayload(report, details, index) });
  }
  const end = { iteration: last, timestamp: report.closedAt };
  messages.push({ message_type: 'review_completion', ...end, payload: completionPayload(report, details) }, { message_type: 'review_result', ...end, payload: resultPayload(report) });
  return messages.map(({ message_type, iteration, timestamp, payload }, sequence) => {
    const [worker_source, worker_target] = routes[message_type];
    return { message_id: messageId(report.runId, sequence), task_id: report.runId, timestamp, worker_source, worker_target, message_type, iteration, payload };
  });
}

// The same run gives the same ids however often it is asked: 'msg_' and a version 8 UUID made of the run and the sequence.
function messageId(runId: string, sequence: number): string {
  const hex = createHash('sha256').update(`${runId}\n${sequence}`).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `msg_${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function reviewedAt({ startedAt, closedAt, iterations }: Report, index: number): string {
  const worked = iterations.slice(0, index + 1).reduce((sum, iteration) => sum + iteration.durationMs, 0);
  const time = Math.min(Date.parse(startedAt) + worked, Date.parse(closedAt));
  return Number.isFinite(time) ? new Date(time).toISOString() : closedAt;
}
