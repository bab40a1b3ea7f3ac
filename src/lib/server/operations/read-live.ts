import { and, eq, inArray, like, or, sql, type SQL } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import type { VersionedEntity } from '#lib/server/db/schema/configuration.ts';

/** Whether what was saved is in force. Both null: nothing was ever saved. */
export interface LiveState {
  /** Of the newest version, epoch ms. */
  savedAtMs: number | null;
  /** When the last of it came into force; null while any of it is on its way. */
  liveSinceMs: number | null;
}

/** One thing with versions; `members` are all of a queue's, those removed included. */
export type LiveReference = { entity: VersionedEntity; ids: string[] } | { membersOf: string };

/** The common state of several things, such as a queue with its members, numbers and hours. */
export async function readLive(
  tx: Transaction,
  organizationId: string,
  references: LiveReference[]
): Promise<LiveState> {
  const table = schema.configurationVersion;
  const conditions = references.flatMap((reference): SQL[] => {
    if ('membersOf' in reference) {
      // Ids are letters and digits: nothing in them is a wildcard.
      const all = and(eq(table.entity, 'member'), like(table.id, `${reference.membersOf}:%`));
      return all ? [all] : [];
    }
    if (reference.ids.length === 0) return [];
    const some = and(eq(table.entity, reference.entity), inArray(table.id, reference.ids));
    return some ? [some] : [];
  });
  if (conditions.length === 0) return { savedAtMs: null, liveSinceMs: null };
  const [row] = await tx
    .select({
      saved: sql<string | null>`max(${table.at})`,
      live: sql<string | null>`max(${table.appliedAt})`,
      pending: sql<number>`count(*) filter (where ${table.appliedAt} is null)::int`
    })
    .from(table)
    .where(and(eq(table.organizationId, organizationId), or(...conditions)));
  const ms = (text: string | null | undefined) => (text ? new Date(text).getTime() : null);
  return { savedAtMs: ms(row?.saved), liveSinceMs: row?.pending ? null : ms(row?.live) };
}
