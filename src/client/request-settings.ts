import type { LoadedConfig } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import type { Limits } from '#domain/limits.ts';
import type { WireRequest } from '#wire/request.ts';

/** Everything of a request but its artifact. */
export type SharedRequest = Omit<WireRequest, 'artifact'>;

/** What the settings say about runs where they do not leave it to the workers; flags go above. */
export interface RequestSettings {
  readonly shared: SharedRequest;
  /** Named limits of the settings, beside the built-in 'code' and 'document'. */
  readonly profiles: Readonly<Record<string, SharedRequest>>;
}

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

/** A profile of the settings travels as its limits: the workers know only their own. Fails with Misconfigured PROFILE_UNKNOWN. */
export function profileOf(name: string | undefined, { profiles }: RequestSettings): SharedRequest {
  if (name === undefined) return {};
  const isBuiltIn = name === 'code' || name === 'document';
  const isNamed = Object.hasOwn(profiles, name);
  if (!isBuiltIn && !isNamed) {
    const known = ['code', 'document', ...Object.keys(profiles)].join(', ');
    throw new AppError('Misconfigured', 'PROFILE_UNKNOWN', `There is no profile ${JSON.stringify(name)}. Choose one of: ${known}.`);
  }
  return { ...(isBuiltIn ? { profile: name } : {}), ...(isNamed ? profiles[name] : {}) };
}
