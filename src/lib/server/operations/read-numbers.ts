import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { OperationError } from './error.ts';
import { formatNumber } from './phone.ts';
import { readLive } from './read-live.ts';
import { readOrganization } from './read-organization.ts';
import { readMembers } from './read-queues.ts';
import { readSkills } from './read-skills.ts';

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
  const numbers = rows.map(
    ({ number: { id, e164, queueId, language, version, needs, creditSeconds, strict }, queueName }) => ({
      id,
      e164,
      shown: formatNumber(e164, country),
      queueId,
      queueName,
      language,
      version,
      needs,
      creditSeconds,
      strict,
      live: !pending.has(id)
    })
  );
  return { numbers, queues, skills: await readSkills(tx, organizationId), timeZone, live };
}

/** One number, and its queue as far as who gets the call depends on it. Throws `not-found`. */
export async function readNumber(tx: Transaction, organizationId: string, id: string) {
  const { country, timeZone } = await readOrganization(tx, organizationId);
  const { number, queue } = schema;
  const [row] = await tx
    .select()
    .from(number)
    .where(and(eq(number.organizationId, organizationId), eq(number.id, id)));
  if (!row) throw new OperationError('not-found');
  const { e164, language, version, needs, creditSeconds, strict } = row;
  const [leadsTo] = await tx
    .select()
    .from(queue)
    .where(and(eq(queue.organizationId, organizationId), eq(queue.id, row.queueId ?? '')));
  const live = await readLive(tx, organizationId, [{ entity: 'number', ids: [id] }]);
  const members = leadsTo ? (await readMembers(tx, organizationId, leadsTo)).members : [];
  return {
    number: { id, shown: formatNumber(e164, country), language, version, needs, creditSeconds, strict },
    queue: leadsTo
      ? {
          id: leadsTo.id,
          name: leadsTo.name,
          needs: leadsTo.needs,
          creditSeconds: leadsTo.creditSeconds,
          strict: leadsTo.strict
        }
      : null,
    members,
    skills: await readSkills(tx, organizationId),
    timeZone,
    live
  };
}
