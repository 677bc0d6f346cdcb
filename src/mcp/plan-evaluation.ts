import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { scoredCategories, type ScoredCategory } from '#domain/finding.ts';
import { kindOfPath } from '#io/named-files.ts';
import { parseInput } from '#wire/problems.ts';
import type { WireRequest } from '#wire/request.ts';
import { checkArtifactPath } from '#client/artifact-paths.ts';
import type { SessionSettings } from '#client/session-settings.ts';
import { checkPathBelow, placeBelowRoots } from './paths.ts';
import { checkText } from './requests.ts';
import type { McpRoot } from './server-options.ts';
import type { ToolCall } from './tools/tool.ts';

export interface EvaluationWish {
  readonly content?: string | undefined;
  readonly path?: string | undefined;
  readonly document_type?: string | undefined;
  /** Names, or objects with a name, a weight and a description. */
  readonly criteria?: readonly unknown[] | undefined;
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** 0–10. */
  readonly target_score?: number | undefined;
  readonly project_path?: string | undefined;
  readonly reviewer?: string | undefined;
}

export interface PlannedEvaluation {
  readonly request: WireRequest;
  /** 0–10. */
  readonly targetScore: number;
}

/** Seed 003's document profile, whoever judges. */
const judgedAs = { profile: 'evaluate', max_iterations: 1, save: 'none', improver: 'static' } as const;

/** The request of one judgement without a loop. Fails with InvalidInput INPUT_INVALID, TEXT_TOO_LARGE, ROOT_NOT_ALLOWED and the path rule's codes. */
export async function planEvaluation(call: ToolCall, wish: EvaluationWish): Promise<PlannedEvaluation> {
  const { service, principal } = call;
  const { artifact, root } = await artifactOf(call, wish);
  const settings = await (root?.settings() ?? service.settings());
  const targetScore = wish.target_score ?? settings.config.settings.evaluation.targetScore;
  const reviewer = wish.reviewer ?? (await service.usualReviewer(root));
  const request: WireRequest = {
    ...judgedAs,
    artifact,
    root: root?.folder ?? settings.root.root,
    ...projectOf(call, wish.project_path, { root, settings }),
    reviewers: [reviewer],
    target_score: Math.round(targetScore * 100) / 10,
    ...judgingOf(wish),
    ...(principal.tenant === undefined ? {} : { tenant: principal.tenant }),
  };
  return { request, targetScore };
}

async function artifactOf({ service }: ToolCall, { content, path: file, document_type: type = 'document', project_path: project }: EvaluationWish): Promise<{ artifact: WireRequest['artifact']; root: McpRoot | undefined }> {
  if ((content === undefined) === (file === undefined)) throw new AppError('InvalidInput', 'INPUT_INVALID', 'Give the document as content or as path, one of them.');
  if (content !== undefined) {
    checkText(content);
    // The name is all that a judge is told of what the text is.
    const name = `${type.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '').slice(0, 60) || 'document'}.md`;
    return { artifact: { name, text: content }, root: project === undefined ? service.roots[0] : placeBelowRoots(project, service.roots).root };
  }
  const place = placeBelowRoots(file ?? '', service.roots);
  checkArtifactPath(place.path, await place.root.settings());
  return { artifact: { path: place.path }, root: place.root };
}

function projectOf({ service }: ToolCall, given: string | undefined, { root, settings }: { readonly root: McpRoot | undefined; readonly settings: SessionSettings }): Pick<WireRequest, 'project_path'> {
  if (given === undefined) return {};
  const place = placeBelowRoots(given, service.roots);
  if (place.root !== root) throw new AppError('InvalidInput', 'ROOT_NOT_ALLOWED', 'project_path and path lie in different roots of this server.');
  checkPathBelow(place, settings);
  if (kindOfPath(path.join(place.root.folder, place.path)) !== 'folder') throw new AppError('InvalidInput', 'NOT_FOUND', 'project_path is no folder below the root.');
  return { project_path: place.path };
}

const criterion = z.strictObject({ name: z.string().min(1).max(200), weight: z.number().min(0).max(1000).optional(), description: z.string().max(4_000).optional() });

// Weights may be of categories or of criteria; one that is neither is a criterion by its name alone.
function judgingOf({ criteria = [], weights = {} }: EvaluationWish): Pick<WireRequest, 'criteria' | 'weights'> {
  const isCategory = (name: string): name is ScoredCategory => scoredCategories.some((category) => category === name);
  const named = criteria.map((given) => (typeof given === 'string' ? { name: given } : given)).map((given) => parseInput(criterion, given, 'One of criteria'));
  const known = new Set(named.map(({ name }) => name));
  const more = Object.keys(weights).filter((name) => !isCategory(name) && !known.has(name)).map((name) => ({ name }));
  const all = [...named, ...more].map((given) => ({ weight: 1, description: '', ...dropUndefined(given), ...(weights[given.name] === undefined ? {} : { weight: weights[given.name]! }) }));
  const categories = Object.fromEntries(Object.entries(weights).filter(([name]) => isCategory(name)));
  const isWithout = scoredCategories.every((category) => weights[category] === 0) && all.every(({ weight }) => weight === 0);
  if (isWithout) throw new AppError('InvalidInput', 'INPUT_INVALID', 'The weights leave nothing that counts: give a category or a criterion more than 0.');
  return { ...(all.length === 0 ? {} : { criteria: all }), ...(Object.keys(categories).length === 0 ? {} : { weights: categories }) };
}

function dropUndefined<Given extends { readonly name: string }>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given;
}
