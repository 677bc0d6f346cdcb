import type { RunPlace } from '#client/run-place.ts';
import { AppError } from '#domain/errors.ts';
import type { Store } from '#store/store.ts';
import { listVisibleRuns } from './list-runs.ts';
import { batchPart, reportOf } from './run-part.ts';
import { findVisibleRun } from './run-access.ts';
import { isRunId } from './tools/fields.ts';
import type { ToolCall } from './tools/tool.ts';

/** A kind of resource, by the form of its address. */
export interface ResourceKind {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** As RFC 6570 writes it, with simple variables only. */
  readonly template: string;
  readonly mediaType: string;
}

export const resourceKinds: readonly ResourceKind[] = [
  { name: 'report-md', title: 'Report (Markdown)', description: 'The report of a run that has ended', template: 'koubou://runs/{run_id}/report.md', mediaType: 'text/markdown' },
  { name: 'report-json', title: 'Report (JSON)', description: 'The same with every finding', template: 'koubou://runs/{run_id}/report.json', mediaType: 'application/json' },
  { name: 'report-html', title: 'Report (HTML)', description: 'The same to look at in a browser', template: 'koubou://runs/{run_id}/report.html', mediaType: 'text/html' },
  { name: 'revision', title: 'Revision', description: 'The text of a run after n iterations of improvement; 0 is what was given', template: 'koubou://runs/{run_id}/revisions/{n}', mediaType: 'text/plain' },
];

export interface ResourceText {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

type Caller = Pick<ToolCall, 'service' | 'principal'>;

const formats: Readonly<Record<string, string>> = { md: 'markdown', json: 'json', html: 'html' };

/**
 * Reads a resource by its whole address; nothing in it is decoded.
 *
 * Fails   InvalidInput RESOURCE_UNKNOWN, and as `reportOf`
 */
export async function readResource(uri: string, caller: Caller): Promise<ResourceText> {
  const [, written = '', part = ''] = /^koubou:\/\/runs\/([0-9a-f-]{36})\/([a-z0-9./]{1,20})$/i.exec(uri) ?? [];
  const runId = written.toLowerCase();
  if (!isRunId(runId)) throw unknownResource();
  const reading = await caller.service.read();
  const place = await findVisibleRun(runId, reading, caller.principal);
  const [, ending] = /^report\.(md|json|html)$/.exec(part) ?? [];
  if (ending !== undefined) {
    const mimeType = resourceKinds.find(({ template }) => template.endsWith(`.${ending}`))!.mediaType;
    return { uri, mimeType, text: await reportText(reading.store, place, ending) };
  }
  const [, n] = /^revisions\/(0|[1-9]\d{0,3})$/.exec(part) ?? [];
  if (n === undefined) throw unknownResource();
  return { uri, mimeType: 'text/plain', text: await revisionText(reading.store, runId, Number(n)) };
}

async function reportText(store: Store, place: RunPlace, ending: string): Promise<string> {
  if (place.kind === 'batch') return batchPart(store, place, ending === 'md' ? 'report' : 'json');
  const { renderReport } = await import('#reports/registry.ts');
  return renderReport(formats[ending]!, await reportOf(store, place));
}

// Iteration n reviews revision n − 1. A run that has just begun has its first revision and no iteration.
async function revisionText(store: Store, runId: string, n: number): Promise<string> {
  const iterations = await store.listIterations(runId);
  const first = n === 0 ? (await store.getRun(runId))?.artifact?.revision : undefined;
  const revision = iterations.find(({ iteration }) => iteration === n + 1)?.revision ?? first;
  if (revision === undefined) throw new AppError('InvalidInput', 'RESOURCE_UNKNOWN', 'The run has no revision of that number.');
  return store.getText(revision.sha256);
}

/** Hosts that show resources show a handful; the rest is found by its address. */
const listedRuns = 20;

export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly mimeType: string;
}

/** The reports of the newest runs that have ended. */
export async function listResources({ service, principal }: Caller): Promise<ListedResource[]> {
  const store = await service.store();
  if (store === null) return [];
  const { runs } = await listVisibleRuns({ store, reviews: null }, principal, { states: ['completed', 'cancelled'], limit: listedRuns });
  return runs.filter(({ kind }) => kind === 'review').map(({ run_id: runId, artifact, score }) => ({
    uri: `koubou://runs/${runId}/report.md`,
    name: `report of ${artifact}`,
    title: `${artifact}${score === null ? '' : `: ${score}`}`,
    mimeType: 'text/markdown',
  }));
}

/** As many as a client is shown. */
const completions = 100;

/** Run ids that begin so, newest first. */
export async function completeRunId(begun: string, { service, principal }: Caller): Promise<string[]> {
  const store = await service.store();
  if (store === null) return [];
  const { runs } = await listVisibleRuns({ store, reviews: null }, principal, { limit: completions });
  return runs.map(({ run_id: runId }) => runId).filter((runId) => runId.startsWith(begun.toLowerCase()));
}

function unknownResource(): AppError {
  return new AppError('InvalidInput', 'RESOURCE_UNKNOWN', 'There is no resource of that address. resources/templates/list tells their forms.');
}
