import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataIsNewer, migrate, schema, withOrganization } from '#lib/server/db/index.ts';
import {
  addMember,
  createApiToken,
  createNumber,
  createQueue,
  createSchedule,
  createUser,
  importSound
} from '#lib/server/operations/index.ts';
import { writeWav } from '#lib/wav.ts';
import { openFixture, unique, uniqueNumber, type Fixture } from './db-fixture.ts';
import { makeApiToken, type Actor } from '#lib/server/auth/index.ts';
import { plainRule } from '#lib/hours/schedule.ts';

let fixture: Fixture;
let ours: Actor;
let theirs: Actor;
let theirQueue: string;

beforeAll(async () => {
  fixture = await openFixture();
  [ours, theirs] = await Promise.all([fixture.organization(), fixture.organization()]);
  theirQueue = await furnish(theirs);
  await furnish(ours);
});
afterAll(() => fixture.close());

/** One row at least in every table that operations write. */
async function furnish(actor: Actor): Promise<string> {
  const { operations } = fixture;
  const schedule = await operations.run(createSchedule, actor, {
    name: 'Office',
    timeZone: 'Europe/Stockholm',
    rules: [rule]
  });
  const queue = await operations.run(
    createQueue,
    actor,
    { name: 'Support', scheduleId: idOf(schedule) },
    { idempotencyKey: unique() }
  );
  const user = await operations.run(createUser, actor, {
    name: 'Anna',
    email: `${unique()}@nordhamn.example`,
    password: 'correct-horse'
  });
  await operations.run(addMember, actor, { queueId: idOf(queue), userId: idOf(user) });
  await operations.run(importSound, actor, {
    name: 'Music',
    kind: 'music',
    files: [{ language: 'any', content: writeWav(new Float32Array(8)) }]
  });
  await operations.run(createNumber, actor, { number: uniqueNumber(), queueId: idOf(queue) });
  const { tokenHash } = makeApiToken();
  await operations.run(createApiToken, actor, { name: 'Report', role: 'supervisor', days: 1, tokenHash });
  return idOf(queue);
}
function idOf(outcome: { ok: boolean; result?: { id: string } }): string {
  expect(outcome).toMatchObject({ ok: true });
  return outcome.result?.id ?? '';
}
const rule = plainRule({ byDay: ['MO'], intervals: [{ fromMinute: 480, toMinute: 1020 }] });

const tables = [
  'user',
  'queue',
  'member',
  'number',
  'device',
  'schedule',
  'schedule_rule',
  'sound',
  'sound_file',
  'configuration_version',
  'operation_key',
  'api_token'
];

test.each(tables)('the web role sees its own rows of %s and no others', async (table) => {
  const count = async (actor: Actor, of: Actor) =>
    withOrganization(fixture.web.db, actor.organizationId, async (tx) => {
      const rows = await tx.execute(
        sql`select 1 from ${sql.identifier(table)} where organization_id = ${of.organizationId}`
      );
      return rows.length;
    });
  expect(await count(ours, ours)).toBeGreaterThan(0);
  expect(await count(ours, theirs)).toBe(0);
});

test('every table with an organization has row-level security on', async () => {
  const rows = await fixture.owner.sql`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and not c.relrowsecurity`;
  expect(rows.map((row) => row.name)).toEqual(['history_cursor']);
});

test('without an organization set, nothing is visible, also after a transaction that had one', async () => {
  await withOrganization(fixture.web.db, ours.organizationId, (tx) => tx.select().from(schema.queue));
  expect(await fixture.web.db.select().from(schema.queue)).toEqual([]);
  expect(await fixture.web.db.select().from(schema.organization)).toEqual([]);
});

test('writing into another organization is refused, and changing its rows changes none', async () => {
  const insert = withOrganization(fixture.web.db, ours.organizationId, (tx) =>
    tx
      .insert(schema.schedule)
      .values({ id: unique(), organizationId: theirs.organizationId, name: 'x', timeZone: 'UTC' })
  );
  await expect(insert).rejects.toMatchObject({ cause: { code: '42501' } });
  const changed = await withOrganization(fixture.web.db, ours.organizationId, (tx) =>
    tx
      .update(schema.queue)
      .set({ name: 'Taken over' })
      .where(sql`id = ${theirQueue}`)
      .returning()
  );
  expect(changed).toEqual([]);
});

test('an operation cannot tie its rows to another organization’s queue', async () => {
  const outcome = await fixture.operations.run(createNumber, ours, { number: uniqueNumber(), queueId: theirQueue });
  expect(outcome).toEqual({ ok: false, code: 'not-found', field: 'queueId' });
});

test('the audit can be written, but not changed or removed', async () => {
  const inOurs = (statement: ReturnType<typeof sql>) =>
    withOrganization(fixture.web.db, ours.organizationId, (tx) => tx.execute(statement));
  await expect(inOurs(sql`update configuration_version set value = null`)).rejects.toMatchObject({
    cause: { code: '42501' }
  });
  await expect(inOurs(sql`delete from configuration_version`)).rejects.toMatchObject({ cause: { code: '42501' } });
});

test('a database ahead of the code is refused and left as it is', async () => {
  const { owner } = fixture;
  const future = Date.now() + 365 * 86_400_000;
  await owner.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('from-the-future', ${future})`;
  try {
    await expect(migrate(process.env.VAXEL_DATABASE ?? '')).rejects.toBeInstanceOf(DataIsNewer);
  } finally {
    await owner.sql`delete from drizzle.__drizzle_migrations where hash = 'from-the-future'`;
  }
});
