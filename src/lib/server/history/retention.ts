import type postgres from 'postgres';
import { moment } from './moment.ts';

/** How long calls, their record and whoever rang are kept, for every organization. */
export const keptDays = 400;
/** How long an operation's first answer is given to repetitions with its key (`Idempotency-Key`). */
export const keysKeptDays = 30;
const dayMs = 86_400_000;
/** Rows of one statement, so that none is long; and steps of a run, the rest of which the next one takes. */
const rowsMost = 500;
const stepsMost = 20_000;

export interface RetentionOptions {
  sql: postgres.Sql;
  cell: number;
  nowMs: number;
  signal: AbortSignal;
}

/**
 * Lets go of what is older than the kept days, organization by organization, in small steps that each stand alone: one
 * that is broken off is gone on with by the next run. Gives how many rows went.
 */
export async function forget(options: RetentionOptions): Promise<number> {
  const { sql, cell, nowMs, signal } = options;
  const before = moment(nowMs - keptDays * dayMs);
  let steps = 0;
  let gone = 0;
  const repeat = async (step: () => Promise<{ gone: number; more: boolean }>): Promise<void> => {
    for (let more = true; more && steps < stepsMost && !signal.aborted; steps += 1) {
      const done = await step();
      gone += done.gone;
      more = done.more;
    }
  };
  const rows = (run: () => Promise<{ count: number }>) =>
    repeat(async () => {
      const { count } = await run();
      return { gone: count, more: count === rowsMost };
    });
  await rows(
    () => sql`delete from kept_place where (organization_id, caller_token, queue_id) in (
    select organization_id, caller_token, queue_id from kept_place where cell = ${cell} and until < ${moment(nowMs - dayMs)} limit ${rowsMost})`
  );
  const organizations = await sql<{ id: string }[]>`select id from organization where cell = ${cell} order by id`;
  for (const { id } of organizations) {
    await rows(() => forgetVisits(sql, id, before));
    await rows(() => forgetCalls(sql, id, before));
    await rows(
      () => sql`delete from forward where id in (
      select id from forward where organization_id = ${id} and started_at < ${before} limit ${rowsMost})`
    );
    await rows(() => forgetChunks(sql, { id, cell, before }));
    await rows(
      () => sql`delete from refused_fact where (cell, epoch, n) in (
      select cell, epoch, n from refused_fact where organization_id = ${id} and cell = ${cell} and at < ${before} limit ${rowsMost})`
    );
    await rows(
      () => sql`delete from operation_key where (organization_id, key) in (
      select organization_id, key from operation_key where organization_id = ${id}
        and at < ${moment(nowMs - keysKeptDays * dayMs)} limit ${rowsMost})`
    );
    let after = { seenAt: moment(0), token: '' };
    await repeat(async () => {
      const step = await forgetCallers(sql, { id, before, after });
      if (step.last) after = step.last;
      return { gone: step.gone, more: step.last !== null };
    });
  }
  return gone;
}

/** With the offers made of them. */
function forgetVisits(sql: postgres.Sql, id: string, before: string) {
  return sql`
    with old as (select id from visit where organization_id = ${id} and queued_at < ${before} order by queued_at limit ${rowsMost}),
      offers as (delete from offer where visit_id in (select id from old) and organization_id = ${id})
    delete from visit where id in (select id from old)`;
}

/** After their visits: one that stood in a queue until later goes with the last of them. */
function forgetCalls(sql: postgres.Sql, id: string, before: string) {
  return sql`
    delete from call where id in (
      select id from call where organization_id = ${id} and arrived_at < ${before}
        and not exists (select 1 from visit where visit.call_id = call.id)
      order by arrived_at limit ${rowsMost})`;
}

/** All but what the view is made from (`readView`): an organization may have been quiet for longer than anything is kept. */
function forgetChunks(sql: postgres.Sql, { id, cell, before }: { id: string; cell: number; before: string }) {
  return sql`
    with latest as (
      select first_epoch, first_n from fact_chunk where organization_id = ${id} and cell = ${cell} and checkpoint is not null
      order by first_epoch desc, first_n desc limit 1)
    delete from fact_chunk where (organization_id, cell, "from", first_epoch, first_n) in (
      select c.organization_id, c.cell, c."from", c.first_epoch, c.first_n from fact_chunk c, latest l
      where c.organization_id = ${id} and c.cell = ${cell} and c."from" < ${before}
        and (c.first_epoch, c.first_n) < (l.first_epoch, l.first_n)
      limit ${rowsMost})`;
}

/**
 * Erases those of whom nothing that is kept tells, looking through the ones first seen long ago, a step at a time.
 * `last`: where this one ended; null: there are no more.
 */
async function forgetCallers(
  sql: postgres.Sql,
  { id, before, after }: { id: string; before: string; after: { seenAt: string; token: string } }
): Promise<{ gone: number; last: { seenAt: string; token: string } | null }> {
  const seen = await sql<{ seenAt: string; token: string }[]>`
    select seen_at::text as "seenAt", token from caller
    where organization_id = ${id} and seen_at < ${before} and (seen_at, token) > (${after.seenAt}::timestamptz, ${after.token})
    order by seen_at, token limit ${rowsMost}`;
  const tokens = seen.map(({ token }) => token);
  const { count } = await sql`
    delete from caller c where c.organization_id = ${id} and c.token in ${sql(['', ...tokens])}
      and not exists (select 1 from call where call.organization_id = c.organization_id and call.caller_token = c.token)
      and not exists (select 1 from kept_place p where p.organization_id = c.organization_id and p.caller_token = c.token)`;
  return { gone: count, last: seen.length === rowsMost ? (seen.at(-1) ?? null) : null };
}
