import { openStore } from '#store/open-store.ts';
import { aFinding, aReview } from '#test/support/builders.ts';

// A process of its own that writes to a store, and says on standard output what the store has acknowledged.
const [url = '', name = '', rounds = '0'] = process.argv.slice(2);
const store = openStore({ url });
for (let round = 1; round <= Number(rounds); round += 1) {
  const revision = await store.putText(`${name} ${round} `.repeat(500));
  const findings = Array.from({ length: 40 }, (_, index) => aFinding({ id: `${name}-${round}-${index}` }));
  await store.putReview({ runId: name, iteration: round, reviewer: 'static', revision, review: aReview(), findings });
  process.stdout.write(`${round} ${revision.sha256}\n`);
}
await store.close();
