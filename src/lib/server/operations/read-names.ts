import { sql, type SQL } from 'drizzle-orm';
import type { Transaction } from '#lib/server/db/index.ts';

type NamedEntity = 'agent' | 'queue' | 'skill';

/** Ids as facts and history have them. */
export type NamedIds = Record<NamedEntity, Iterable<string>>;

export interface Names {
  /** The last name it had, also when it is removed; null: there never was such a thing here. */
  of: (entity: NamedEntity, id: string) => string | null;
  /** Whether it is there now, so that it has a page. */
  exists: (entity: NamedEntity, id: string) => boolean;
}

/** Names from the versions, which outlive what they describe. */
export async function readNames(tx: Transaction, organizationId: string, ids: NamedIds): Promise<Names> {
  const wanted = (Object.entries(ids) as [NamedEntity, Iterable<string>][]).flatMap(([entity, some]): SQL[] => {
    const list = [...new Set(some)];
    return list.length > 0 ? [sql`(entity = ${entity} and id in ${list})`] : [];
  });
  const names = new Map<string, { name: string; exists: boolean }>();
  if (wanted.length > 0) {
    const rows = await tx.execute<{ entity: string; id: string; name: string; exists: boolean }>(sql`
      select distinct on (entity, id) entity, id, value ->> 'name' as name,
        not exists (select 1 from configuration_version newer where newer.organization_id = ${organizationId}
          and newer.entity = v.entity and newer.id = v.id and newer.version > v.version) as exists
      from configuration_version v
      where organization_id = ${organizationId} and value is not null and (${sql.join(wanted, sql` or `)})
      order by entity, id, version desc`);
    for (const { entity, id, name, exists } of rows) names.set(`${entity}:${id}`, { name, exists });
  }
  return {
    of: (entity, id) => names.get(`${entity}:${id}`)?.name ?? null,
    exists: (entity, id) => names.get(`${entity}:${id}`)?.exists ?? false
  };
}
