/** Longer chains of causes say nothing more, and a chain may be a circle. */
const deepestCause = 8;

/** Takes out of an error what `hide` takes out of texts: in place, from its message, its stack and its causes. What is no error is left alone. */
export function hideInError(error: unknown, hide: (text: string) => string): void {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < deepestCause; depth += 1) {
    for (const key of ['message', 'stack'] as const) hideAt(current, key, hide);
    if (typeof current.cause === 'string') hideAt(current as Error & { cause: string }, 'cause', hide);
    current = current.cause;
  }
}

// Some errors have no message of their own, only their class has.
function hideAt<Key extends 'message' | 'stack' | 'cause'>(error: Error & { readonly [key in Key]?: unknown }, key: Key, hide: (text: string) => string): void {
  const told: unknown = error[key];
  if (typeof told !== 'string') return;
  const clean = hide(told);
  if (clean !== told) Object.defineProperty(error, key, { value: clean, configurable: true, writable: true, enumerable: false });
}
