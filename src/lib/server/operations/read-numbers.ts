import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { formatNumber } from './phone.ts';
import { readLive } from './read-live.ts';
import { readOrganization } from './read-organization.ts';

/** Every number with where it leads, and the queues it could lead to. */
export async function listNumbers(tx: Transaction, organizationId: string) {
  const { country, timeZone } = await readOrganization(tx, organizationId);
  const { number, queue, configurationVersion: versions } = schema;
  const rows = await tx
    .select({ number, queueName: queue.name })
    .from(number)
    .leftJoin(queue, eq(queue.id, number.queueId))
    .where(eq(number.organizationId, organizationId))
    .orderBy(asc(number.e164));
  const waiting = await tx
    .selectDistinct({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.organizationId, organizationId), eq(versions.entity, 'number'), isNull(versions.appliedAt)));
  const pending = new Set(waiting.map((row) => row.id));
  const queues = await tx
    .select({ id: queue.id, name: queue.name })
    .from(queue)
    .where(eq(queue.organizationId, organizationId))
    .orderBy(asc(sql`lower(${queue.name})`));
  const live = await readLive(tx, organizationId, [{ entity: 'number', ids: rows.map((row) => row.number.id) }]);
  const numbers = rows.map(({ number: { id, e164, queueId, language, version }, queueName }) => ({
    id,
    e164,
    shown: formatNumber(e164, country),
    queueId,
    queueName,
    language,
    version,
    live: !pending.has(id)
  }));
  return { numbers, queues, timeZone, live };
}
