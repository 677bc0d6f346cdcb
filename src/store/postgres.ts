import { PostgresDialect, type Dialect } from 'kysely';

/** Per process: workers × 5 stays far below PostgreSQL's default of 100. */
const poolSize = 5;
const connectTimeoutMs = 10_000;

/** Speaks to PostgreSQL. The client library is loaded only here: most users never need it. */
export function postgresDialect(url: string): Dialect {
  return new PostgresDialect({
    pool: async () => {
      const { Pool } = (await import('pg')).default;
      const pool = new Pool({
        connectionString: url,
        max: poolSize,
        connectionTimeoutMillis: connectTimeoutMs,
        keepAlive: true,
        allowExitOnIdle: true,
        application_name: 'koubou',
      });
      // An idle connection that breaks is replaced at next use; without a listener it would end the process.
      pool.on('error', () => undefined);
      return pool;
    },
  });
}
