import { columnText, parseStored } from './rows.ts';
import type { Access } from './schema.ts';
import type { EffectKind, Effects, Store } from './store.ts';

/** What a run gave its user: rendered reports, and a note of what was done to files. */
export function storeReports(access: Access): Pick<Store, 'putReport' | 'getReport' | 'listReportFormats' | 'putEffect' | 'getEffect'> {
  const getEffect = async <K extends EffectKind>(runId: string, kind: K): Promise<Effects[K] | null> => {
    const row = await access((db) => db.selectFrom('effects').select('valueJson').where('runId', '=', runId).where('kind', '=', kind).executeTakeFirst());
    return row === undefined ? null : parseStored<Effects[K]>(row.valueJson);
  };
  return {
    putReport: async ({ runId, format, content }) => {
      const row = { runId, format, content: Buffer.from(content, 'utf8') };
      await access((db) => db.insertInto('reports').values(row).onConflict((conflict) => conflict.columns(['runId', 'format']).doUpdateSet(row)).execute());
    },
    getReport: async (runId, format) => {
      const row = await access((db) => db.selectFrom('reports').select('content').where('runId', '=', columnText(runId)).where('format', '=', columnText(format)).executeTakeFirst());
      return row === undefined ? null : Buffer.from(row.content).toString('utf8');
    },
    listReportFormats: async (runId) => {
      const rows = await access((db) => db.selectFrom('reports').select('format').where('runId', '=', columnText(runId)).orderBy('format').execute());
      return rows.map(({ format }) => format);
    },
    putEffect: async ({ runId, kind, value }) => {
      const row = { runId, kind, valueJson: JSON.stringify(value) };
      await access((db) => db.insertInto('effects').values(row).onConflict((conflict) => conflict.doNothing()).execute());
      return (await getEffect(runId, kind)) ?? value;
    },
    getEffect,
  };
}
