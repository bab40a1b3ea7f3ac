import { destinationsOf } from './closing.ts';
import { and, asc, eq } from 'drizzle-orm';
import type { QueueHours } from '#lib/acd/indexes.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import type { QueueKind } from '#lib/acd/configuration.ts';
import { OperationError } from './error.ts';
import { formatNumber } from './phone.ts';
import { readAccuracy } from './read-accuracy.ts';
import { readLive, type LiveState } from './read-live.ts';
import { readOrganization } from './read-organization.ts';
import { listSounds } from './sounds.ts';
import { readKnown, readSkills, type Known } from './read-skills.ts';
import { readSchedules } from './read-schedules.ts';
import { hoursOf, temporariesOn } from './read-temporary.ts';
import { planCovers } from './values.ts';

export interface QueueSummary {
  id: string;
  name: string;
  kind: QueueKind;
  /** As the organization writes them. */
  numbers: string[];
  members: number;
  /** null: always open. */
  scheduleName: string | null;
  hours: QueueHours;
}

export async function listQueues(tx: Transaction, organizationId: string, nowMs: number): Promise<QueueSummary[]> {
  const { country } = await readOrganization(tx, organizationId);
  const queues = await tx
    .select()
    .from(schema.queue)
    .where(eq(schema.queue.organizationId, organizationId))
    .orderBy(asc(schema.queue.name));
  const numbers = await tx
    .select({ queueId: schema.number.queueId, e164: schema.number.e164 })
    .from(schema.number)
    .where(eq(schema.number.organizationId, organizationId))
    .orderBy(asc(schema.number.e164));
  const members = await tx
    .select({ queueId: schema.member.queueId })
    .from(schema.member)
    .where(eq(schema.member.organizationId, organizationId));
  const schedules = await readSchedules(tx, organizationId);
  const temporaries = await temporariesOn(tx, organizationId, nowMs);
  const byId = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  return queues.map(({ id, name, kind, scheduleId }) => ({
    id,
    name,
    kind,
    numbers: numbers.filter((number) => number.queueId === id).map((number) => formatNumber(number.e164, country)),
    members: members.filter((member) => member.queueId === id).length,
    scheduleName: byId.get(scheduleId ?? '')?.name ?? null,
    hours: hoursOf({ id }, byId.get(scheduleId ?? '') ?? null, temporaries, nowMs)
  }));
}

export interface QueueMember {
  userId: string;
  name: string;
  tier: number;
  /** Instead of the queue's; null: as the queue says. */
  wrapUpSeconds: number | null;
  skills: Known[];
  /** Why the engine does not know this member now (P28); null: it does. */
  suspended: 'plan' | 'inactive' | 'role' | null;
}

/** Everything the queue's page shows, and what can be chosen on it. Throws `not-found`. */
export async function readQueue(tx: Transaction, organizationId: string, id: string, nowMs: number) {
  const { country, timeZone } = await readOrganization(tx, organizationId);
  const [queue] = await tx
    .select()
    .from(schema.queue)
    .where(and(eq(schema.queue.organizationId, organizationId), eq(schema.queue.id, id)));
  if (!queue) throw new OperationError('not-found');
  const schedules = await readSchedules(tx, organizationId);
  const schedule = schedules.find((one) => one.id === queue.scheduleId) ?? null;
  const allNumbers = await tx
    .select({ number: schema.number, queueName: schema.queue.name })
    .from(schema.number)
    .leftJoin(schema.queue, eq(schema.queue.id, schema.number.queueId))
    .where(eq(schema.number.organizationId, organizationId))
    .orderBy(asc(schema.number.e164));
  const numbers = allNumbers.map(({ number, queueName }) => ({
    id: number.id,
    e164: number.e164,
    shown: formatNumber(number.e164, country),
    language: number.language,
    /** Asks for skills or has priority of its own. */
    special: number.needs.length > 0 || number.creditSeconds > 0 || number.strict,
    queueId: number.queueId,
    queueName
  }));
  const { members, candidates } = await readMembers(tx, organizationId, queue);
  const live: LiveState = await readLive(tx, organizationId, [
    { entity: 'queue', ids: [id] },
    { entity: 'schedule', ids: schedule ? [schedule.id] : [] },
    { entity: 'number', ids: numbers.filter((number) => number.queueId === id).map((number) => number.id) },
    { membersOf: id },
    // What its members know is part of who gets the call.
    { entity: 'agent', ids: members.map((member) => member.userId) }
  ]);
  const { organizationId: _organization, createdAt: _created, ...shown } = queue;
  return {
    queue: shown,
    timeZone,
    schedule,
    hours: hoursOf(queue, schedule, await temporariesOn(tx, organizationId, nowMs), nowMs),
    schedules: schedules.map((one) => ({ id: one.id, name: one.name })),
    numbers: numbers.filter((number) => number.queueId === id),
    otherNumbers: numbers.filter((number) => number.queueId !== id),
    members,
    candidates,
    skills: await readSkills(tx, organizationId),
    sounds: (await listSounds(tx, organizationId)).map(({ id: soundId, name, kind }) => ({ id: soundId, name, kind })),
    /** Where callers may be sent on, as it is written here. */
    destinations: Object.fromEntries(destinationsOf(queue.closing).map((e164) => [e164, formatNumber(e164, country)])),
    accuracy: await readAccuracy(tx, organizationId, id, nowMs),
    live
  };
}

export async function readMembers(tx: Transaction, organizationId: string, queue: { id: string; kind: QueueKind }) {
  const users = await tx
    .select({ user: schema.user, tier: schema.member.tier, wrapUpSeconds: schema.member.wrapUpSeconds })
    .from(schema.user)
    .leftJoin(schema.member, and(eq(schema.member.userId, schema.user.id), eq(schema.member.queueId, queue.id)))
    .where(eq(schema.user.organizationId, organizationId))
    .orderBy(asc(schema.user.name));
  const known = await readKnown(
    tx,
    organizationId,
    users.flatMap(({ user, tier }) => (tier === null ? [] : [user.id]))
  );
  const members: QueueMember[] = [];
  const candidates: { userId: string; name: string; covered: boolean }[] = [];
  for (const { user, tier, wrapUpSeconds } of users) {
    const covered = planCovers(user.plan, queue.kind);
    const isAgent = user.role === 'agent';
    if (tier !== null) {
      const suspended = !user.active ? 'inactive' : !isAgent ? 'role' : !covered ? 'plan' : null;
      members.push({
        userId: user.id,
        name: user.name,
        tier,
        wrapUpSeconds,
        skills: known.get(user.id) ?? [],
        suspended
      });
    } else if (user.active && isAgent) {
      candidates.push({ userId: user.id, name: user.name, covered });
    }
  }
  members.sort((a, b) => a.tier - b.tier);
  return { members, candidates };
}
