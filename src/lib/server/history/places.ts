import type postgres from 'postgres';
import type { KeptPlace } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { moment } from './moment.ts';

/** At most so many are read, those that last longest. */
const readMost = 5_000;

/**
 * Keeps the places of those who hung up (B11) beside the state, as intents are: one that is taken goes, and so do those
 * that are over, by the facts' own clock. Two statements, whatever the number of facts.
 */
export function writePlaces(sql: postgres.TransactionSql, cell: number, facts: Fact[]): Promise<unknown>[] {
  const kept = new Map<string, object>();
  const gone = new Map<string, object>();
  let atMs = 0;
  for (const fact of facts) {
    if (fact.type !== 'place-kept' && fact.type !== 'place-taken') continue;
    const { organizationId: organization_id, queueId: queue_id, caller: caller_token } = fact;
    const key = `${organization_id}:${queue_id}:${caller_token}`;
    atMs = fact.atMs;
    if (fact.type === 'place-taken') {
      gone.set(key, { organization_id, queue_id, caller_token });
      kept.delete(key);
      continue;
    }
    const rank = { rank_at: moment(fact.rankMs), strict: fact.strict ?? false, waited_ms: fact.waitedMs ?? 0 };
    kept.set(key, { organization_id, queue_id, caller_token, ...rank, until: moment(fact.untilMs) });
  }
  if (kept.size + gone.size === 0) return [];
  return [
    sql`delete from kept_place p
      where (p.cell = ${cell} and p.until <= ${moment(atMs)})
        or (p.organization_id, p.caller_token, p.queue_id) in (
          select organization_id, caller_token, queue_id
          from jsonb_to_recordset(${JSON.stringify([...gone.values()])}::text::jsonb) as g(organization_id text, caller_token text, queue_id text))`,
    // An organization that has been removed meanwhile keeps none.
    sql`insert into kept_place (organization_id, cell, queue_id, caller_token, rank_at, strict, waited_ms, until)
      select o.id, ${cell}, k.queue_id, k.caller_token, k.rank_at, k.strict, k.waited_ms, k.until
      from jsonb_to_recordset(${JSON.stringify([...kept.values()])}::text::jsonb)
          as k(organization_id text, queue_id text, caller_token text, rank_at timestamptz, strict boolean, waited_ms bigint, until timestamptz)
        join organization o on o.id = k.organization_id
      on conflict (organization_id, caller_token, queue_id) do update set cell = excluded.cell, rank_at = excluded.rank_at,
        strict = excluded.strict, waited_ms = excluded.waited_ms, until = excluded.until`
  ];
}

export interface PlaceOf {
  place: KeptPlace;
  /** Whose it is: with the state the store may have lost whom the token stands for. */
  person: { number: string; name: string | null };
}

/** The places kept in the cell, as history has them; none of a caller who has been erased (E8), as nobody can ring as them. */
export async function readPlaces(sql: postgres.ISql, cell: number): Promise<PlaceOf[]> {
  const rows = await sql<
    {
      organizationId: string;
      queueId: string;
      caller: string;
      rankMs: string;
      strict: boolean;
      waitedMs: string;
      untilMs: string;
      number: string;
      name: string | null;
    }[]
  >`
    select p.organization_id as "organizationId", p.queue_id as "queueId", p.caller_token as caller, p.strict,
      extract(epoch from p.rank_at) * 1000 as "rankMs", p.waited_ms as "waitedMs",
      extract(epoch from p.until) * 1000 as "untilMs", c.number, c.name
    from kept_place p
      join organization o on o.id = p.organization_id
      join caller c on c.organization_id = p.organization_id and c.token = p.caller_token
    where o.cell = ${cell} and c.number is not null
    order by p.until desc, p.organization_id, p.caller_token, p.queue_id limit ${readMost}`;
  return rows.map((row) => ({
    place: {
      organizationId: id.organization(row.organizationId),
      queueId: id.queue(row.queueId),
      caller: id.caller(row.caller),
      rankMs: Number(row.rankMs),
      strict: row.strict,
      waitedMs: Number(row.waitedMs),
      untilMs: Number(row.untilMs)
    },
    person: { number: row.number, name: row.name }
  }));
}
