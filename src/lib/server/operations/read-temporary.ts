import { and, asc, eq } from 'drizzle-orm';
import { queueHours, type QueueHours } from '#lib/acd/indexes.ts';
import type { QueueKind, TemporaryValue } from '#lib/acd/configuration.ts';
import type { Target } from '#lib/forms/temporary.ts';
import { hoursNow } from '#lib/hours/evaluate.ts';
import type { ScheduleHours } from '#lib/hours/schedule.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { OperationError } from './error.ts';
import { formatNumber } from './phone.ts';
import { readOrganization } from './read-organization.ts';
import { readSchedules } from './read-schedules.ts';
import { temporaryValue } from './values.ts';

/** The queues that a target means now, by name. */
export async function queuesOf(tx: Transaction, organizationId: string, target: Target) {
  const { id, name, kind, tags, scheduleId, closing } = schema.queue;
  const queues = await tx
    .select({ id, name, kind, tags, scheduleId, closing })
    .from(schema.queue)
    .where(eq(schema.queue.organizationId, organizationId))
    .orderBy(asc(name));
  return queues.filter((queue) => means(target, queue));
}

function means(target: Target, queue: { id: string; kind: QueueKind; tags: string[] }): boolean {
  return (
    target.all ||
    target.queueIds.includes(queue.id) ||
    target.kinds.includes(queue.kind) ||
    queue.tags.some((tag) => target.tags.includes(tag))
  );
}

export async function listTemporaries(tx: Transaction, organizationId: string) {
  const table = schema.temporarySchedule;
  return tx.select().from(table).where(eq(table.organizationId, organizationId)).orderBy(asc(table.name));
}

/** For a list: how many queues each means, or is on for, and until when it is on (null: off). */
export async function shownTemporaries(tx: Transaction, organizationId: string, nowMs: number) {
  const all = await queuesOf(tx, organizationId, { all: true, queueIds: [], tags: [], kinds: [] });
  return (await listTemporaries(tx, organizationId)).map(({ id, name, effect, target, on }) => {
    const isOn = on !== null && on.untilMs > nowMs;
    const queues = isOn ? on.queueIds.length : all.filter((queue) => means(target, queue)).length;
    return { id, name, effect, queues, untilMs: isOn ? on.untilMs : null };
  });
}

/** Those that agents may switch by phone, in order of their numbers. */
export async function temporariesByPhone(tx: Transaction, organizationId: string) {
  const rows = await listTemporaries(tx, organizationId);
  return rows
    .flatMap(({ name, phoneNumber, phoneAgents }) =>
      phoneNumber !== null && phoneAgents ? [{ name, phoneNumber }] : []
    )
    .toSorted((a, b) => a.phoneNumber - b.phoneNumber);
}

/** Throws `not-found`. */
export async function readTemporary(tx: Transaction, organizationId: string, id: string) {
  const table = schema.temporarySchedule;
  const [row] = await tx
    .select()
    .from(table)
    .where(and(eq(table.organizationId, organizationId), eq(table.id, id)));
  if (!row) throw new OperationError('not-found');
  return row;
}

/** Those that are on at this moment, as the engine has them. */
export async function temporariesOn(tx: Transaction, organizationId: string, nowMs: number): Promise<TemporaryValue[]> {
  const rows = await listTemporaries(tx, organizationId);
  return rows.map(temporaryValue).filter(({ on }) => on !== null && on.untilMs > nowMs);
}

/** What is on for a schedule's queues, as its week draws it. */
export interface OnForQueues {
  name: string;
  effect: TemporaryValue['effect'];
  fromMs: number;
  untilMs: number;
  /** Names, when it is not on for all of the schedule's. */
  only: string[] | null;
}

/** @param queues those that follow the schedule */
export async function temporariesOnFor(
  tx: Transaction,
  organizationId: string,
  queues: { id: string; name: string }[],
  nowMs: number
): Promise<OnForQueues[]> {
  return (await temporariesOn(tx, organizationId, nowMs)).flatMap(({ name, effect, on }) => {
    const meant = new Set<string>(on?.queueIds);
    const hit = queues.filter(({ id }) => meant.has(id));
    if (!on || hit.length === 0) return [];
    const only = hit.length < queues.length ? hit.map((queue) => queue.name) : null;
    return [{ name, effect, fromMs: on.fromMs, untilMs: on.untilMs, only }];
  });
}

/** A queue's hours with what is on for it, by the engine's own order. */
export function hoursOf(
  queue: { id: string },
  schedule: ScheduleHours | null,
  temporaries: TemporaryValue[],
  nowMs: number
): QueueHours {
  const own = temporaries.filter(({ on }) => on?.queueIds.some((id) => id === queue.id));
  return queueHours(schedule && hoursNow(schedule, nowMs), own);
}

/**
 * When a queue takes calls again once something that is on now is over, epoch ms; null: not within a year.
 *
 * @param untilMs the end of what closes it
 */
export function nextOpening(schedule: ScheduleHours | null, untilMs: number): number | null {
  if (!schedule) return untilMs;
  const then = hoursNow(schedule, untilMs);
  return then.open ? untilMs : then.untilMs;
}

/** What switching it on now would do to each queue (B4). */
export interface PreviewRow {
  id: string;
  name: string;
  /** null: it cannot be told now. */
  waiting: number | null;
  longestSinceMs: number | null;
  /** When it takes calls again; null: not within a year. */
  opensMs: number | null;
  /** The number for when it is closed, as it is written here; null: it has none. */
  to: string | null;
}

/** @param waiting of each queue, as the live view has it; null: unknown */
export async function readPreview(
  tx: Transaction,
  organizationId: string,
  asked: {
    target: Target;
    untilMs: number;
    waiting: Map<string, { waiting: number; longestSinceMs: number | null }> | null;
  }
): Promise<PreviewRow[]> {
  const queues = await queuesOf(tx, organizationId, asked.target);
  const schedules = new Map((await readSchedules(tx, organizationId)).map((schedule) => [schedule.id, schedule]));
  const { country } = await readOrganization(tx, organizationId);
  return queues.map(({ id, name, scheduleId, closing }) => {
    const now = asked.waiting?.get(id);
    return {
      id,
      name,
      waiting: asked.waiting ? (now?.waiting ?? 0) : null,
      longestSinceMs: now?.longestSinceMs ?? null,
      opensMs: nextOpening(schedules.get(scheduleId ?? '') ?? null, asked.untilMs),
      to: closing.closedTo === null ? null : formatNumber(closing.closedTo, country)
    };
  });
}
