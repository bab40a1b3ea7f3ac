import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { databaseAddress } from './address.ts';

/** The database has migrations this code does not know: a newer version has run on it. Nothing was changed. */
export class DataIsNewer extends Error {
  readonly code = 'data-is-newer';
  constructor() {
    super(
      'the database was migrated by a newer version of Växel; start that version, or restore a copy from before it'
    );
    this.name = 'DataIsNewer';
  }
}

/** For two processes that migrate at once: the second waits and finds nothing to do. */
const migrationLock = 0x7661_786c;
const migrationsFolder = fileURLToPath(new URL('../../../../drizzle', import.meta.url));

/**
 * Makes the role `vaxel_web` (with the password of `webUrl`, if it has one) and brings the schema up to this code.
 *
 * @param url owner's address; the role must own the database and may create roles
 * @param webUrl the web role's address; without it the role gets no password (socket with peer or trust)
 * @throws {DataIsNewer} when the database is ahead of the code
 */
export async function migrate(url: string, webUrl?: string): Promise<void> {
  const pool = postgres({ ...databaseAddress(url), max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await pool`select pg_advisory_lock(${migrationLock})`;
    await refuseNewer(pool);
    await makeWebRole(pool, webUrl ? databaseAddress(webUrl).password : undefined);
    await drizzleMigrate(drizzle(pool), { migrationsFolder });
  } finally {
    await pool.end({ timeout: 2 });
  }
}

async function refuseNewer(pool: postgres.Sql): Promise<void> {
  const [table] = await pool`select to_regclass('drizzle.__drizzle_migrations') as name`;
  if (!table?.name) return;
  const [last] = await pool`select max(created_at)::bigint as at from drizzle.__drizzle_migrations`;
  const journal = JSON.parse(await readFile(`${migrationsFolder}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[];
  };
  if (Number(last?.at ?? 0) > Math.max(...journal.entries.map((entry) => entry.when))) throw new DataIsNewer();
}

async function makeWebRole(pool: postgres.Sql, password: string | undefined): Promise<void> {
  const [role] = await pool`select 1 from pg_roles where rolname = 'vaxel_web'`;
  if (!role) await pool`create role vaxel_web login nosuperuser nocreatedb nocreaterole nobypassrls`;
  // A utility statement takes no parameters; format() with %L quotes the password for us.
  if (password) {
    const [statement] = await pool`select format('alter role vaxel_web password %L', ${password}::text) as text`;
    await pool.unsafe(String(statement?.text));
  }
}
