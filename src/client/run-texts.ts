import { counted } from '#reports/wording.ts';
import type { WireBatchRequest, WireRequest } from '#wire/request.ts';
import { markdownText, type StartOptions } from './start-run.ts';

type Texts = Pick<StartOptions, 'artifact' | 'targetScore' | 'tenant' | 'priority' | 'details'>;

/** What the Web UI says of a review before its first step. */
export function reviewTexts(request: WireRequest): Texts {
  const artifact = artifactWord(request);
  return { artifact, ...sharedTexts(request), details: details(`Review of **${markdownText(artifact)}**`, request) };
}

/** What the Web UI says of a batch before its first step. */
export function batchTexts(request: WireBatchRequest): Texts {
  const artifact = batchWord(request);
  const shared = 'requests' in request ? {} : request;
  return { artifact, ...sharedTexts(shared), details: details(`Reviews of **${markdownText(artifact)}**`, shared) };
}

type Shared = Partial<Omit<WireRequest, 'artifact'>>;

function sharedTexts({ target_score: targetScore, tenant = 'default', priority }: Shared): Omit<Texts, 'artifact' | 'details'> {
  return { tenant, ...(targetScore === undefined ? {} : { targetScore }), ...(priority === undefined ? {} : { priority }) };
}

function details(first: string, { root, target_score: target, max_iterations: iterations, save = 'none' }: Shared): string {
  const lines = [
    first,
    '',
    ...(root === undefined ? [] : [`- below ${markdownText(root)}`]),
    ...(target === undefined ? [] : [`- target ${target}`]),
    ...(iterations === undefined ? [] : [`- at most ${iterations} iterations`]),
    `- ${{ none: 'nothing is written', write: 'the best revision is saved', commit: 'the best revision is saved and committed' }[save]}`,
  ];
  return lines.join('\n');
}

function artifactWord({ artifact }: WireRequest): string {
  if ('path' in artifact) return artifact.path;
  return artifact.name ?? 'a task';
}

function batchWord(request: WireBatchRequest): string {
  if ('diff' in request) return request.diff.base === undefined ? 'changed lines' : `lines changed since ${request.diff.base}`;
  if ('requests' in request) return counted(request.requests.length, 'artifact');
  return request.paths.length === 1 ? (request.paths[0] ?? '.') : `${request.paths.length} paths`;
}
