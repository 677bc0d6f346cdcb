import type { LoadedConfig } from '#config.ts';
import type { Limits } from '#domain/limits.ts';
import type { RequestSettings, SharedRequest } from './request.ts';

/** What the settings of user and project say about a run; defaults stay out, so that profile and reviewers decide them. */
export function requestSettings({ settings, layer }: LoadedConfig): RequestSettings {
  const isSet = (key: string): boolean => (layer.get(key)?.origin ?? 'default') !== 'default';
  const { review, reviewers, improver, save, reports } = settings;
  const hasWeights = [...layer.keys()].some((key) => key.startsWith('review.weights.') && isSet(key));
  return {
    shared: {
      ...limitsOf(review.limits),
      ...(hasWeights ? { weights: { ...review.weights } } : {}),
      ...(review.criteria.length === 0 ? {} : { criteria: review.criteria.map((criterion) => ({ ...criterion })) }),
      ...(isSet('reviewers') ? { reviewers: [...reviewers] } : {}),
      ...(improver === undefined ? {} : { improver }),
      ...(isSet('save.mode') ? { save: save.mode } : {}),
      ...(isSet('reports.formats') ? { formats: [...reports.formats] } : {}),
    },
    profiles: Object.fromEntries(Object.entries(review.profiles).map(([name, limits]) => [name, limitsOf(limits)])),
  };
}

function limitsOf({ targetScore, maxIterations, iterationTimeoutMs, timeoutMs }: Partial<Limits>): SharedRequest {
  return {
    ...(targetScore === undefined ? {} : { target_score: targetScore }),
    ...(maxIterations === undefined ? {} : { max_iterations: maxIterations }),
    ...(iterationTimeoutMs === undefined ? {} : { iteration_timeout_ms: iterationTimeoutMs }),
    ...(timeoutMs === undefined ? {} : { timeout_ms: timeoutMs }),
  };
}
