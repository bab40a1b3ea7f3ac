import { getTableColumns, getTableName } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Fact } from '#lib/acd/facts.ts';
import type { CallerToken } from '#lib/acd/ids.ts';
import { schema } from '#lib/server/db/index.ts';
import { isIntent, writeIntent } from './intents.ts';
import { writePlaces } from './places.ts';
import { rowsOf } from './rows.ts';

type Sql = postgres.TransactionSql;
export type People = Map<CallerToken, { number: string; name: string | null }>;

/**
 * Writes facts, in order, into the history rows: one statement for each table, whatever the number of facts. Facts
 * come once (the cursor moves in the same transaction), but each statement also stands a repetition.
 */
export async function writeFacts(sql: Sql, cell: number, facts: Fact[], people: People): Promise<void> {
  const rows = rowsOf(facts);
  // Sent one after the other without waiting for answers: they are carried out in this order.
  const sent: Promise<unknown>[] = [];
  for (const table of ['call', 'visit', 'offer', 'forward'] as const) {
    const patches = [...rows[table].values()];
    if (patches.length > 0) sent.push(sql.unsafe(statements[table], [JSON.stringify(patches)], { prepare: true }));
  }
  for (const fact of facts) {
    if (isIntent(fact)) sent.push(writeIntent(sql, cell, fact));
  }
  sent.push(...writePlaces(sql, cell, facts));
  const callers = callersOf(facts, people);
  if (callers.length > 0)
    sent.push(
      // An organization that has been removed meanwhile keeps nobody.
      sql`insert into caller (organization_id, token, number, name)
        select o.id, token, number, c.name
        from jsonb_to_recordset(${JSON.stringify(callers)}::text::jsonb) as c(organization_id text, token text, number text, name text)
          join organization o on o.id = c.organization_id
        on conflict do nothing`
    );
  await Promise.all(sent);
}

/**
 * $1: JSON of `Patch[]`. A row that is there is changed, one that begins is made; what changes a row that never began
 * (its beginning was lost) is left out.
 */
function statement(
  table: typeof schema.call | typeof schema.visit | typeof schema.offer | typeof schema.forward
): string {
  const name = getTableName(table);
  const columns = Object.values(getTableColumns(table)).map((column) => column.name);
  const list = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((column) => `r."${column}"`).join(', ');
  const changed = columns.filter((column) => column !== 'id').map((column) => `"${column}" = excluded."${column}"`);
  return `insert into "${name}" (${list})
    select ${values} from jsonb_to_recordset($1::text::jsonb) as p(id text, fresh jsonb, changes jsonb)
      left join "${name}" v on v.id = p.id
      cross join lateral jsonb_populate_record(v, case when v.id is null then p.fresh || p.changes else p.changes end) r
    where v.id is not null or p.fresh is not null
    on conflict (id) do update set ${changed.join(', ')}`;
}

const statements = {
  call: statement(schema.call),
  visit: statement(schema.visit),
  offer: statement(schema.offer),
  forward: statement(schema.forward)
};

/** Who stands behind the tokens of those who call: in the one table that erasure empties (E8). */
function callersOf(facts: Fact[], people: People) {
  return facts.flatMap((fact) => {
    const token = fact.type === 'call-arrived' ? fact.caller : null;
    const person = token === null ? undefined : people.get(token);
    return person ? [{ organization_id: fact.organizationId, token, number: person.number, name: person.name }] : [];
  });
}
