import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ReviewRequest } from '#domain/request.ts';
import type { Artifact } from '#domain/artifact.ts';
import { runState } from '#domain/loop/progress.ts';
import { reasonOf } from '#domain/loop/reason.ts';
import type { LoopState } from '#domain/loop/state.ts';

const keys = {
  status: defineSearchAttributeKey('KoubouStatus', 'KEYWORD'),
  outcome: defineSearchAttributeKey('KoubouOutcome', 'KEYWORD'),
  score: defineSearchAttributeKey('KoubouScore', 'DOUBLE'),
  target: defineSearchAttributeKey('KoubouTarget', 'DOUBLE'),
  iteration: defineSearchAttributeKey('KoubouIteration', 'INT'),
  artifact: defineSearchAttributeKey('KoubouArtifact', 'KEYWORD'),
  tenant: defineSearchAttributeKey('KoubouTenant', 'KEYWORD'),
} as const;

/** The visibility column is VARCHAR(255). */
const keywordLength = 255;

/** What a run is about, told once; a client that told it at the start saves the history event. */
export function tellArtifact(artifact: Artifact, request: ReviewRequest): void {
  const name = (artifact.path ?? artifact.name).slice(-keywordLength);
  const told = workflowInfo().typedSearchAttributes;
  if (told.get(keys.artifact) === name && told.get(keys.target) === request.limits.targetScore && told.get(keys.tenant) === request.tenant) return;
  upsertSearchAttributes([
    { key: keys.artifact, value: name },
    { key: keys.target, value: request.limits.targetScore },
    { key: keys.tenant, value: request.tenant },
    { key: keys.status, value: 'reviewing' },
  ]);
}

/** Where the run stands, told once per iteration, when it waits, and at its end: each is one history event. */
export function tellStanding(state: LoopState): void {
  const pairs: SearchAttributePair[] = [
    { key: keys.status, value: runState(state) },
    { key: keys.iteration, value: state.iteration },
  ];
  const score = state.best?.scorecard.score ?? null;
  if (score !== null) pairs.push({ key: keys.score, value: score });
  if (state.outcome !== null) pairs.push({ key: keys.outcome, value: state.outcome });
  upsertSearchAttributes(pairs);
}

/** The run's story for the Web UI: no history event, answered by a living worker. */
export function tellStory(state: LoopState, name: string): void {
  const rows = state.iterations.map(
    ({ iteration, score, findings, accepted, refusedBecause }) => `| ${iteration} | ${score ?? 'not judged'} | ${findings} | ${accepted ? 'accepted' : (refusedBecause ?? 'refused')} |`,
  );
  const table = rows.length === 0 ? [] : ['', '| iteration | score | findings | revision |', '|---|---|---|---|', ...rows];
  const standing = state.outcome === null ? `Now: ${runState(state)}.` : reasonOf(state);
  const parked = state.parked === null ? [] : ['', `Parked at ${state.parked.step}: ${state.parked.error.code} ${state.parked.error.message}`];
  setCurrentDetails([`**${name}**, target ${state.limits.targetScore}. ${standing}`, ...table, ...parked].join('\n'));
}
