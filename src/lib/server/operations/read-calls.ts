import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import type { CallFilter, CallShow } from '#lib/calls/filter.ts';
import type { CallOutcome, VisitOutcome } from '#lib/acd/facts.ts';
import { can, type Actor } from '#lib/server/auth/can.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { moment } from '#lib/server/history/moment.ts';
import { OperationError } from './error.ts';
import { spanOf, type Span } from './call-range.ts';
import { formatNumber } from './phone.ts';
import { readNames } from './read-names.ts';
import { readOrganization } from './read-organization.ts';

export const callsPerPage = 50;
/** Before its day's midnight a visit that ended on that day began at most so long ago. */
const longestVisitMs = 86_400_000;

/** One stay of a call in a queue, as figures count them; or a call that entered none. */
export interface CallEntry {
  id: string;
  callId: string;
  /** When it was queued, or arrived. */
  atMs: number;
  queueId: string;
  queueName: string | null;
  caller: { number: string | null; name: string | null; withheld: boolean };
  /** null: still there. */
  outcome: VisitOutcome | CallOutcome | null;
  /** `here`: in the announcements before a queue, or in none any more. */
  now: 'waiting' | 'talking' | 'here' | null;
  agentName: string | null;
  waitedMs: number | null;
  talkedMs: number | null;
}

export interface CallList {
  entries: CallEntry[];
  /** All that the filter lets through. */
  count: number;
  /** Where the next page begins; null: there is none. */
  next: string | null;
  span: Span;
}

interface Row extends Record<string, unknown> {
  id: string;
  call_id: string;
  at_ms: string;
  queue_id: string;
  caller_token: string | null;
  withheld: boolean;
  number: string | null;
  name: string | null;
  outcome: VisitOutcome | CallOutcome | null;
  over: boolean;
  talking: boolean;
  agent_id: string | null;
  waited_ms: number | null;
  talked_ms: number | null;
}

/**
 * Calls of the organization, newest first. Supervisors and administrators see all queues, as on the wallboard. A visit belongs to the day
 * in which it ended, since figures of a day count those that wait over midnight in the new one; so the count is the figure.
 *
 * @param after `next` of the page before
 * @throws {OperationError} `forbidden`
 */
export async function listCalls(
  tx: Transaction,
  actor: Actor,
  filter: CallFilter,
  nowMs: number,
  after: string | null = null
): Promise<CallList> {
  if (!can(actor, 'call.read')) throw new OperationError('forbidden');
  const { organizationId } = actor;
  const { timeZone, country } = await readOrganization(tx, organizationId);
  const span = spanOf(filter.range, timeZone, nowMs);
  const visits = visitsWhere(organizationId, filter, span, nowMs);
  const calls = callsWhere(organizationId, filter, span);
  const key = readKey(after);
  const before = (at: SQL, id: SQL) =>
    key ? sql`and (${at}, ${id}) < (${moment(key.atMs)}::timestamptz, ${key.id})` : sql``;
  const limit = callsPerPage + 1;
  const rows = await tx.execute<Row>(sql`
    select p.id, p.call_id, extract(epoch from p.at) * 1000 as at_ms, p.queue_id, p.caller_token, p.withheld, caller.number, caller.name,
      p.outcome, p.over, p.talking, p.agent_id, p.waited_ms, p.talked_ms
    from (
      (select v.id, v.call_id, v.queued_at as at, v.queue_id, v.caller_token, v.withheld, v.outcome, v.ended_at is not null as over,
        v.talk_started_at is not null and v.talk_ended_at is null as talking, v.agent_id, v.waited_ms, v.talked_ms
      from visit v where ${visits} ${before(sql`v.queued_at`, sql`v.id`)} order by v.queued_at desc, v.id desc limit ${limit})
      ${
        calls
          ? sql`union all (select c.id, c.id, c.arrived_at, c.queue_id, c.caller_token, c.withheld, c.outcome, c.finished_at is not null,
              false, null, null, null
            from call c where ${calls} ${before(sql`c.arrived_at`, sql`c.id`)} order by c.arrived_at desc, c.id desc limit ${limit})`
          : sql``
      }
    ) p left join caller on caller.token = p.caller_token and caller.organization_id = ${organizationId}
    order by p.at desc, p.id desc limit ${limit}`);
  const shown = rows.slice(0, callsPerPage);
  const names = await readNames(tx, organizationId, {
    queue: shown.map((row) => row.queue_id),
    agent: shown.flatMap((row) => row.agent_id ?? []),
    skill: []
  });
  const last = rows.length > callsPerPage ? shown.at(-1) : undefined;
  return {
    entries: shown.map((row) => ({
      id: row.id,
      callId: row.call_id,
      atMs: Number(row.at_ms),
      queueId: row.queue_id,
      queueName: names.of('queue', row.queue_id),
      caller: {
        number: row.number === null ? null : formatNumber(row.number, country),
        name: row.name,
        withheld: row.withheld
      },
      outcome: row.outcome,
      now: row.talking ? 'talking' : row.over ? null : row.id === row.call_id ? 'here' : 'waiting',
      agentName: row.agent_id === null ? null : names.of('agent', row.agent_id),
      waitedMs: row.waited_ms,
      talkedMs: row.talked_ms
    })),
    count: await countOf(tx, visits, calls),
    next: last ? `${Number(last.at_ms)}_${last.id}` : null,
    span
  };
}

/** How many entries the list has. @throws {OperationError} `forbidden` */
export async function countCalls(tx: Transaction, actor: Actor, filter: CallFilter, nowMs: number): Promise<number> {
  if (!can(actor, 'call.read')) throw new OperationError('forbidden');
  const { organizationId } = actor;
  const { timeZone } = await readOrganization(tx, organizationId);
  const span = spanOf(filter.range, timeZone, nowMs);
  return countOf(tx, visitsWhere(organizationId, filter, span, nowMs), callsWhere(organizationId, filter, span));
}

async function countOf(tx: Transaction, visits: SQL, calls: SQL | null): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`
    select (select count(*)::int from visit v where ${visits})
      + ${calls ? sql`(select count(*)::int from call c where ${calls})` : sql`0`} as count`);
  return row?.count ?? 0;
}

/** The queues and agents that a filter can name: those of today, and the chosen ones though they are removed. */
export async function readChoices(tx: Transaction, actor: Actor, filter: CallFilter) {
  if (!can(actor, 'call.read')) throw new OperationError('forbidden');
  const { organizationId } = actor;
  const { queue, user } = schema;
  const queues = await tx
    .select({ id: queue.id, name: queue.name })
    .from(queue)
    .where(eq(queue.organizationId, organizationId))
    .orderBy(asc(queue.name));
  const agents = await tx
    .select({ id: user.id, name: user.name })
    .from(user)
    .where(and(eq(user.organizationId, organizationId), eq(user.role, 'agent')))
    .orderBy(asc(user.name));
  const { queueId, agentId } = filter;
  const names = await readNames(tx, organizationId, {
    queue: queueId === null ? [] : [queueId],
    agent: agentId === null ? [] : [agentId],
    skill: []
  });
  const withChosen = (some: typeof queues, entity: 'queue' | 'agent', id: string | null) => {
    const name = id !== null && !some.some((one) => one.id === id) ? names.of(entity, id) : null;
    return id !== null && name !== null ? [...some, { id, name }] : some;
  };
  return { queues: withChosen(queues, 'queue', queueId), agents: withChosen(agents, 'agent', agentId) };
}

function readKey(after: string | null): { atMs: number; id: string } | null {
  const [, ms, id] = /^(\d{1,13})_([\w.-]{1,64})$/.exec(after ?? '') ?? [];
  return ms && id ? { atMs: Number(ms), id } : null;
}

/** Of `visit v`. */
function visitsWhere(organizationId: string, filter: CallFilter, span: Span, nowMs: number): SQL {
  const { show, queueId, agentId } = filter;
  const [from, to] = [moment(span.fromMs), moment(span.toMs)];
  const ofNow = show === 'waiting' || show === 'talking';
  const since = moment((ofNow ? nowMs : span.fromMs) - longestVisitMs);
  const when = ofNow
    ? sql`true`
    : sql`v.queued_at < ${to} and (v.ended_at >= ${from} and v.ended_at < ${to} or v.ended_at is null and ${nowMs >= span.fromMs && nowMs < span.toMs})`;
  return sql.join(
    [
      sql`v.organization_id = ${organizationId} and v.queued_at >= ${since} and ${when}`,
      ...(queueId ? [sql`v.queue_id = ${queueId}`] : []),
      ...(agentId && !isRefusal(show) ? [sql`v.agent_id = ${agentId}`] : []),
      ...(filter.digits ? [callerEnds(sql`v.caller_token`, organizationId, filter.digits)] : []),
      ...(show ? [shown(show, filter, organizationId, nowMs)] : [])
    ],
    sql` and `
  );
}

/** Of `call c`, those that entered no queue; null: the filter is of visits only. */
function callsWhere(organizationId: string, filter: CallFilter, span: Span): SQL | null {
  const { show, queueId, agentId } = filter;
  if (agentId || (show && show !== 'not-queued')) return null;
  return sql.join(
    [
      sql`c.organization_id = ${organizationId} and c.arrived_at >= ${moment(span.fromMs)} and c.arrived_at < ${moment(span.toMs)}
        and not exists (select 1 from visit where visit.organization_id = ${organizationId} and visit.call_id = c.id)`,
      ...(queueId ? [sql`c.queue_id = ${queueId}`] : []),
      ...(filter.digits ? [callerEnds(sql`c.caller_token`, organizationId, filter.digits)] : []),
      ...(show ? [sql`c.outcome is not null`] : [])
    ],
    sql` and `
  );
}

function callerEnds(token: SQL, organizationId: string, digits: string): SQL {
  return sql`exists (select 1 from caller where caller.organization_id = ${organizationId} and caller.token = ${token}
    and caller.number like ${`%${digits}`})`;
}

const isRefusal = (show: CallFilter['show']) => show === 'missed' || show === 'declined';

function shown(show: CallShow, { agentId }: CallFilter, organizationId: string, nowMs: number): SQL {
  switch (show) {
    case 'missed':
    case 'declined':
      return sql`exists (select 1 from offer where offer.organization_id = ${organizationId} and offer.visit_id = v.id
        and offer.outcome = ${show} ${agentId ? sql`and offer.agent_id = ${agentId}` : sql``})`;
    case 'answered':
    case 'abandoned':
      return sql`v.outcome = ${show}`;
    case 'other':
      return sql`v.outcome not in ('answered', 'abandoned')`;
    case 'not-queued':
      return sql`false`;
    case 'waiting':
      return sql`v.ended_at is null`;
    case 'talking':
      return sql`v.talk_started_at is not null and v.talk_ended_at is null`;
    case 'counted':
      return sql`(${counted(organizationId, nowMs, false)})`;
    case 'late':
      return sql`(${counted(organizationId, nowMs, true)})`;
  }
}

/**
 * The service level's own rule (`acd/figures.ts`) by row: with the targets of the queue that were in force when the visit
 * ended, and those of before its first version was (20 s, 5 s) as there.
 */
function counted(organizationId: string, nowMs: number, onlyLate: boolean): SQL {
  const now = sql`${moment(nowMs)}::timestamptz`;
  return sql`select case
      when v.outcome = 'answered' then ${onlyLate ? sql`v.waited_ms > target.ms` : sql`true`}
      when v.outcome = 'abandoned' then v.waited_ms >= target.short_ms
      when v.outcome is not null then v.waited_ms > target.ms
      else extract(epoch from ${now} - v.queued_at) * 1000 > target.ms end
    from (select coalesce(max(ms), 20000) as ms, coalesce(max(short_ms), 5000) as short_ms from (
      select (value ->> 'serviceLevelSeconds')::int * 1000 as ms, (value ->> 'shortAbandonSeconds')::int * 1000 as short_ms
      from configuration_version
      where organization_id = ${organizationId} and entity = 'queue' and id = v.queue_id and value is not null
        and applied_at <= coalesce(v.ended_at, ${now})
      order by version desc limit 1) newest) target`;
}
