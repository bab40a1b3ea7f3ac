import { asc, eq } from 'drizzle-orm';
import { evaluate } from '#lib/hours/evaluate.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { OperationError } from './error.ts';
import { readLive } from './read-live.ts';
import { readSchedules } from './read-queues.ts';

export async function listSchedules(tx: Transaction, organizationId: string, nowMs: number) {
  const schedules = await readSchedules(tx, organizationId);
  const queues = await readFollowers(tx, organizationId);
  return schedules.map((schedule) => ({
    ...schedule,
    state: evaluate(schedule, nowMs),
    queues: queues.filter((queue) => queue.scheduleId === schedule.id)
  }));
}

/** One schedule with the queues that follow it. Throws `not-found`. */
export async function readSchedule(tx: Transaction, organizationId: string, id: string, nowMs: number) {
  const [schedule] = await readSchedules(tx, organizationId, [id]);
  if (!schedule) throw new OperationError('not-found');
  const queues = (await readFollowers(tx, organizationId)).filter((queue) => queue.scheduleId === id);
  const live = await readLive(tx, organizationId, [{ entity: 'schedule', ids: [id] }]);
  return { schedule, state: evaluate(schedule, nowMs), queues, live };
}

async function readFollowers(tx: Transaction, organizationId: string) {
  const { id, name, scheduleId } = schema.queue;
  return tx
    .select({ id, name, scheduleId })
    .from(schema.queue)
    .where(eq(schema.queue.organizationId, organizationId))
    .orderBy(asc(name));
}
