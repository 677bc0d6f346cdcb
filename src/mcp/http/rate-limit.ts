/** Counts calls by the name of who makes them. */
export interface RateLimit {
  /** Takes `calls`; 0 when they may be made, else the seconds after which to try again. */
  take(name: string, calls: number): number;
}

interface Bucket {
  left: number;
  at: number;
}

/** A bucket of `burst` calls a name, filled up with `perSecond`. There are as many names as there are principals. */
export function createRateLimit({ burst, perSecond, now }: { readonly burst: number; readonly perSecond: number; readonly now: () => number }): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take: (name, calls) => {
      const bucket = buckets.get(name) ?? { left: burst, at: now() };
      buckets.set(name, bucket);
      const at = now();
      bucket.left = Math.min(burst, bucket.left + ((at - bucket.at) / 1000) * perSecond);
      bucket.at = at;
      if (bucket.left < calls) return Math.max(1, Math.ceil((calls - bucket.left) / perSecond));
      bucket.left -= calls;
      return 0;
    },
  };
}
