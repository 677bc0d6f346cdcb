import { showDuration } from './duration.ts';
import { settingKeys } from './settings-keys.ts';
import type { Layer, Origin } from './settings-layers.ts';

export interface ShownSetting {
  /** As in a file: 'review.target'. */
  readonly key: string;
  /** As in a file, times as '60s'; null where nothing is set and the program decides. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** Every setting with its value and where it came from, in the order of the schema; passwords are masked. */
export function showSettings(layer: Layer): ShownSetting[] {
  const known = settingKeys.map(({ key, kind }) => {
    const { value, origin } = layer.get(key) ?? { value: null, origin: 'default' as const };
    return { key, value: kind === 'text' && typeof value === 'number' ? showDuration(value) : mask(value), origin };
  });
  const evaluation = [...layer].filter(([key]) => key.startsWith('evaluation.')).map(([key, { value, origin }]) => ({ key, value, origin }));
  return [...known, ...evaluation];
}

// Up to the last '@': passwords that should have been encoded hold any sign.
function mask(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replace(/^([a-z]+:\/\/[^/@\s:]*):\S*@/i, '$1:***@').replace(/([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&]*/gi, '$1***');
}
