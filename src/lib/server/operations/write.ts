import { and, desc, eq, isNotNull } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import type { ConfigurationEntry } from './entries.ts';
import { OperationError } from './error.ts';

export interface Writer {
  write: (entry: ConfigurationEntry) => Promise<void>;
  /** How many rows the worker has to read. */
  count: () => number;
}

/** Writes `configuration_version` rows for one operation of one transaction. */
export function createWriter(options: {
  tx: Transaction;
  organizationId: string;
  /** User id; null: the system. */
  by: string | null;
  operation: string;
  atMs: number;
}): Writer {
  const { tx, organizationId, by, operation } = options;
  const at = new Date(options.atMs);
  let count = 0;
  return {
    count: () => count,
    async write({ entity, id, version, value }) {
      // These are audit: nothing on the phones waits for them, so they are in force as soon as they are written.
      const appliedAt = entity === 'user' || entity === 'api-token' ? at : null;
      if (appliedAt === null) count++;
      await tx
        .insert(schema.configurationVersion)
        .values({ organizationId, entity, id, version, value, operation, by, at, appliedAt });
    }
  };
}

/** The newest version of an entity, removed ones included; null when it never had one. */
export async function newestVersion(
  tx: Transaction,
  organizationId: string,
  entity: ConfigurationEntry['entity'],
  id: string
): Promise<{ version: number; value: unknown } | null> {
  const table = schema.configurationVersion;
  const [row] = await tx
    .select({ version: table.version, value: table.value })
    .from(table)
    .where(and(eq(table.organizationId, organizationId), eq(table.entity, entity), eq(table.id, id)))
    .orderBy(desc(table.version))
    .limit(1);
  return row ?? null;
}

/** For *Undo*: an entity's value as it was at a version. `nothing-to-undo` when there is none, or it was removed then. */
export async function valueAt(
  { tx, organizationId }: { tx: Transaction; organizationId: string },
  entity: ConfigurationEntry['entity'],
  id: string,
  version: number
): Promise<unknown> {
  const table = schema.configurationVersion;
  const [row] = await tx
    .select({ value: table.value })
    .from(table)
    .where(
      and(
        eq(table.organizationId, organizationId),
        eq(table.entity, entity),
        eq(table.id, id),
        eq(table.version, version),
        isNotNull(table.value)
      )
    );
  if (!row) throw new OperationError('nothing-to-undo');
  return row.value;
}
