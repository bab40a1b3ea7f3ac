import type postgres from 'postgres';
import type { ConfigurationChange } from './changes.ts';

/** A pool or a transaction of the owner's role. */
type Sql = postgres.ISql;

/** So many rows in one go: more wait for the next, so that a big import does not hold one long transaction. */
export const batchRows = 500;

export interface UnappliedBatch {
  /** The newest version of each thing, in the order of writing. */
  changes: ConfigurationChange[];
  /** `sequence` of every row read, superseded ones included: what `markApplied` takes. */
  sequences: number[];
}

/**
 * Reads rows that are not in force yet and locks them until the transaction ends, so that two readers share the work.
 * Rows are found by `applied_at is null`, never by `sequence > last`: a transaction that commits late would be skipped.
 * Must run in a transaction, with {@link markApplied} at its end.
 */
export async function readUnapplied(sql: Sql, cell: number): Promise<UnappliedBatch> {
  const rows = await sql<(ConfigurationChange & { sequence: string })[]>`
    select v.organization_id as "organizationId", v.entity, v.id, v.version, v.value, v.sequence
    from configuration_version v join organization o on o.id = v.organization_id
    where v.applied_at is null and o.cell = ${cell}
    order by v.sequence
    limit ${batchRows}
    for update of v skip locked`;
  const newest = new Map<string, ConfigurationChange>();
  for (const { sequence: _sequence, ...change } of rows) {
    const key = `${change.organizationId} ${change.entity} ${change.id}`;
    // Deleted first, so that the map's order is the order of each thing's newest version.
    newest.delete(key);
    newest.set(key, change);
  }
  return { changes: [...newest.values()], sequences: rows.map((row) => Number(row.sequence)) };
}

export async function markApplied(sql: Sql, sequences: number[]): Promise<void> {
  if (sequences.length === 0) return;
  await sql`update configuration_version set applied_at = now() where sequence = any(${sequences}::bigint[])`;
}

/**
 * Everything in force or on its way, for start-up and for a full re-apply: the newest version of each thing that has
 * not been removed. Organizations first, then what others refer to, so that it can be applied in order.
 *
 * @param organizationId leaves out all others
 */
export async function readAll(sql: Sql, cell: number, organizationId?: string): Promise<ConfigurationChange[]> {
  return sql<ConfigurationChange[]>`
    select "organizationId", entity, id, version, value from (
      select distinct on (v.organization_id, v.entity, v.id)
        v.organization_id as "organizationId", v.entity, v.id, v.version, v.value, v.sequence
      from configuration_version v join organization o on o.id = v.organization_id
      where o.cell = ${cell} and v.entity <> 'user'
        ${organizationId === undefined ? sql`` : sql`and v.organization_id = ${organizationId}`}
      order by v.organization_id, v.entity, v.id, v.version desc
    ) newest
    where value is not null
    order by array_position(array['organization', 'schedule', 'sound', 'skill', 'agent', 'queue', 'number', 'member', 'temporary'], entity), sequence`;
}
