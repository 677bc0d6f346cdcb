import { createHash } from 'node:crypto';
import { AppError } from '#domain/errors.ts';
import type { Access } from './schema.ts';
import type { Store } from './store.ts';

/** Texts under the hash of their UTF-8 bytes: the same text is one row, whoever brings it. */
export function storeRevisions(access: Access): Pick<Store, 'putText' | 'getText' | 'hasText'> {
  const hasText = (sha256: string): Promise<boolean> =>
    access(async (db) => (await db.selectFrom('revisions').select('sha256').where('sha256', '=', sha256).executeTakeFirst()) !== undefined);
  return {
    hasText,
    putText: async (text) => {
      const content = Buffer.from(text, 'utf8');
      const sha256 = hashOf(content);
      // Asked first, so that a text of 20 MB does not travel twice.
      if (!(await hasText(sha256))) {
        await access((db) => db.insertInto('revisions').values({ sha256, bytes: content.length, content }).onConflict((conflict) => conflict.doNothing()).execute());
      }
      return { sha256, bytes: content.length };
    },
    getText: async (sha256) => {
      const row = await access((db) => db.selectFrom('revisions').select('content').where('sha256', '=', sha256).executeTakeFirst());
      if (row === undefined) throw new AppError('Bug', 'REVISION_MISSING', `The store has no text ${sha256.slice(0, 12)}. All workers of a run must share one store: check store.url.`);
      const content = Buffer.from(row.content);
      // What comes from here is written over the user's file.
      if (hashOf(content) !== sha256) throw new AppError('Misconfigured', 'STORE_DAMAGED', `The stored text ${sha256.slice(0, 12)} is damaged. Restore the store from a backup.`);
      return content.toString('utf8');
    },
  };
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
