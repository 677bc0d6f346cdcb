import { taskNeedsModel } from '#domain/task.ts';
import type { SharedRequest } from './request-settings.ts';
import type { SessionSettings } from './session-settings.ts';

/**
 * Who drafts where neither the request nor the settings name a model: the first of the fallback order, of the configured models, or of those that can
 * be asked. Nothing where somebody is named, or where the workers of a named service choose.
 *
 * Fails   Misconfigured TASK_NEEDS_MODEL
 */
export async function chooseWriter({ config, external }: SessionSettings, { improver, reviewers = [] }: SharedRequest, usable: () => Promise<readonly string[]>): Promise<Pick<SharedRequest, 'improver'>> {
  if (improver !== undefined || reviewers.some((id) => id !== 'static')) return {};
  const { fallback, models } = config.settings.llm;
  const [first] = fallback.length > 0 ? fallback : [...Object.keys(models), ...(await usable())];
  if (first === undefined && external === undefined) throw taskNeedsModel();
  return first === undefined ? {} : { improver: first };
}
