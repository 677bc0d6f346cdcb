/** Calls the function at most once per `ageMs` and gives what it gave; a failure is not remembered. */
export function remember<Value>(ageMs: number, read: () => Promise<Value>): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; readonly at: number } | null = null;
  return () => {
    if (kept !== null && performance.now() - kept.at < ageMs) return kept.value;
    const mine = { value: read(), at: performance.now() };
    kept = mine;
    mine.value.catch(() => {
      if (kept === mine) kept = null;
    });
    return mine.value;
  };
}
