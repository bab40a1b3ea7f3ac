import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { databaseAddress } from './address.ts';
import * as schema from './schema/index.ts';

export interface Connection {
  db: Database;
  /** The same pool, for plain SQL; postgres.js's own interface. */
  sql: postgres.Sql;
  /** Waits up to 2 s for queries in flight. */
  close(): Promise<void>;
}

export type Database = ReturnType<typeof makeDrizzle>;
/** A transaction bound to one organization by {@link withOrganization}. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

declare const snapshot: unique symbol;
/** One by {@link withSnapshot}: what several of its statements read belongs together. */
export type Snapshot = Transaction & { readonly [snapshot]: true };

export interface ConnectOptions {
  /** Size of the pool. */
  max?: number;
  /** Shown in `pg_stat_activity`. */
  name?: string;
  /** Longer than this no transaction lasts, whatever it waits for. */
  transactionMs?: number;
}

/** Opens a pool; nothing is sent until the first query. `url` as in `databaseAddress` (Unix sockets too). */
export function connect(url: string, options: ConnectOptions = {}): Connection {
  const pool = postgres({
    ...databaseAddress(url),
    max: options.max ?? 10,
    idle_timeout: 60,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: {
      application_name: options.name ?? 'vaxel',
      ...(options.transactionMs !== undefined && { transaction_timeout: options.transactionMs })
    }
  });
  return { db: makeDrizzle(pool), sql: pool, close: () => pool.end({ timeout: 2 }) };
}

function makeDrizzle(pool: postgres.Sql) {
  return drizzle(pool, { schema });
}

/**
 * Runs `fn` in one transaction that belongs to the organization: as the web role it sees and writes no other rows. The
 * setting is local to the transaction, so a pooled connection never carries it to the next request.
 */
export function withOrganization<T>(
  db: Database,
  organizationId: string,
  fn: (tx: Transaction) => Promise<T>
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('vaxel.organization', ${organizationId}, true)`);
    return fn(tx);
  });
}

/** As {@link withOrganization}, to read only: all of it sees the database as it was at the first statement. */
export function withSnapshot<T>(db: Database, organizationId: string, fn: (tx: Snapshot) => Promise<T>): Promise<T> {
  return db.transaction(
    async (tx) => {
      await tx.execute(sql`select set_config('vaxel.organization', ${organizationId}, true)`);
      return fn(tx as Snapshot);
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' }
  );
}
