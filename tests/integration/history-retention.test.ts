import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forget, keptDays, keysKeptDays } from '#lib/server/history/retention.ts';
import { startRetentionJob } from '#lib/server/history/retention-job.ts';
import { moment } from '#lib/server/history/moment.ts';
import { env } from '../support/environment.ts';
import { openFixture, unique, type Fixture } from './db-fixture.ts';

/** Cells of this file's own. */
const firstCell = 4_100;
const nowMs = Date.parse('2026-06-01T12:00:00Z');
const cutMs = nowMs - keptDays * 86_400_000;
const minute = 60_000;
let fixture: Fixture;
beforeAll(async () => void (fixture = await openFixture()));
afterAll(() => fixture.close());

let cells = 0;
async function world() {
  const cell = firstCell + (cells += 1);
  const { sql } = fixture.owner;
  const { organizationId } = await fixture.organization();
  await sql`update organization set cell = ${cell} where id = ${organizationId}`;
  const mark = unique();
  return {
    cell,
    /** Calls with the token of their caller; `atMs` before or after the cut; `visitAtMs` null: it entered no queue. */
    async call(name: string, token: string, atMs: number, visitAtMs: number | null = atMs) {
      await sql`insert into caller (organization_id, token, number, seen_at) values (${organizationId}, ${token + mark}, '+46701', ${moment(atMs)}) on conflict do nothing`;
      await sql`insert into call (id, organization_id, arrived_at, number_id, dialled, queue_id, caller_token, withheld)
        values (${name + mark}, ${organizationId}, ${moment(atMs)}, 'n', '+46', 'q', ${token + mark}, false)`;
      if (visitAtMs === null) return;
      await sql`insert into visit (id, organization_id, call_id, queue_id, caller_token, withheld, queued_at, credit_seconds, strict, because)
        values (${name + mark}, ${organizationId}, ${name + mark}, 'q', ${token + mark}, false, ${moment(visitAtMs)}, 0, false, 'call')`;
      await sql`insert into offer (id, organization_id, visit_id, call_id, queue_id, agent_id, device_id, offered_at, ring_until, why)
        values (${name + mark}, ${organizationId}, ${name + mark}, ${name + mark}, 'q', 'a', 'd', ${moment(visitAtMs)}, ${moment(visitAtMs)}, '{}')`;
    },
    async chunk(n: number, atMs: number, begins: boolean) {
      await sql`insert into fact_chunk (organization_id, cell, "from", first_epoch, first_n, last_epoch, last_n, count, facts, checkpoint)
        values (${organizationId}, ${cell}, ${moment(atMs)}, 7, ${n}, 7, ${n}, 1, '', ${begins ? '{}' : null}::text::jsonb)`;
    },
    async place(token: string, untilMs: number) {
      await sql`insert into kept_place (organization_id, cell, queue_id, caller_token, rank_at, strict, waited_ms, until)
        values (${organizationId}, ${cell}, 'q', ${token + mark}, ${moment(untilMs)}, false, 0, ${moment(untilMs)})`;
    },
    async key(key: string, atMs: number) {
      await sql`insert into operation_key (organization_id, key, operation, input_hash, at)
        values (${organizationId}, ${key + mark}, 'queue.create', '', ${moment(atMs)})`;
    },
    forget: (signal = new AbortController().signal) => forget({ sql, cell, nowMs, signal }),
    /** What is there, by table. */
    async left() {
      const names = async (table: string, column: string) =>
        (
          await sql.unsafe(`select ${column} as name from ${table} where organization_id = $1 order by 1`, [
            organizationId
          ])
        ).map(({ name }) => String(name).replace(mark, ''));
      return {
        calls: await names('call', 'id'),
        visits: await names('visit', 'id'),
        offers: await names('offer', 'id'),
        callers: await names('caller', 'token'),
        chunks: await names('fact_chunk', 'first_n'),
        places: await names('kept_place', 'caller_token'),
        keys: await names('operation_key', 'key')
      };
    }
  };
}

test('an answer to repetitions goes when nobody repeats any more', async () => {
  const own = await world();
  const cut = nowMs - keysKeptDays * 86_400_000;
  await own.key('old', cut - 1);
  await own.key('new', cut);
  expect(await own.forget()).toBe(1);
  expect((await own.left()).keys).toEqual(['new']);
});

test('what is older than the kept days goes, and with it whoever nothing tells of any more', async () => {
  const other = await world();
  const own = await world();
  await own.call('a', 'gone', cutMs - 1);
  await own.call('b', 'returned', cutMs - minute);
  await own.call('c', 'returned', cutMs);
  await own.call('d', 'early', cutMs - minute, cutMs + minute);
  await own.call('e', 'refused', cutMs - minute, null);
  await own.call('f', 'place', cutMs - minute);
  await own.place('place', nowMs);
  await own.place('gone', nowMs - 2 * 86_400_000);
  for (const [n, at, begins] of [
    [1, cutMs - 60 * minute, true],
    [2, cutMs - 60 * minute, false],
    [3, cutMs - 15 * minute, true],
    [4, cutMs, true]
  ] as const)
    await own.chunk(n, at, begins);
  await other.call('a', 'gone', cutMs - 1);
  const whole = await other.left();

  expect(await own.forget()).toBeGreaterThan(0);
  expect(await own.left()).toEqual({
    calls: ['c', 'd'],
    visits: ['c', 'd'],
    offers: ['c', 'd'],
    callers: ['early', 'place', 'returned'],
    chunks: ['4'],
    places: ['place'],
    keys: []
  });
  expect(await own.forget()).toBe(0);
  // Of another cell.
  expect(await other.left()).toEqual(whole);
});

test('an organization that has been quiet for longer keeps what its view is made from', async () => {
  const own = await world();
  for (const [n, begins] of [
    [1, true],
    [2, false],
    [3, true],
    [4, false]
  ] as const)
    await own.chunk(n, cutMs - (60 - n) * minute * 1_000, begins);
  await own.forget();
  expect((await own.left()).chunks).toEqual(['3', '4']);
});

test('more than one step takes goes in several; a process that is to stop leaves the rest', async () => {
  const own = await world();
  for (let n = 0; n < 620; n += 1) await own.call(`c${n}`, `t${n}`, cutMs - minute, null);
  const stopped = new AbortController();
  stopped.abort();
  expect(await own.forget(stopped.signal)).toBe(0);
  expect(await own.forget()).toBe(1_240);
  expect(await own.left()).toMatchObject({ calls: [], callers: [] });
});

test('two jobs processes: each time one of them does it', async () => {
  const own = await world();
  await own.call('a', 'gone', Date.parse('2020-01-01T00:00:00Z'));
  const errors: unknown[] = [];
  const runsMs: number[] = [];
  let ran = (): void => undefined;
  const twice = new Promise<void>((resolve) => (ran = resolve));
  const options = {
    redis: env('VAXEL_REDIS'),
    sql: fixture.owner.sql,
    cell: own.cell,
    nowMs: Date.now,
    done: () => runsMs.push(performance.now()) === 2 && ran(),
    onError: (error: unknown) => errors.push(error),
    pattern: '* * * * * *'
  };
  const jobs = [startRetentionJob(options), startRetentionJob(options)];
  await twice;
  // Once a second, though two ask for it.
  const [first = 0, second = 0] = runsMs;
  expect(second - first).toBeGreaterThan(500);
  await Promise.all(jobs.map((job) => job.close()));
  expect(await own.left()).toMatchObject({ calls: [], visits: [], offers: [], callers: [] });
  expect(errors).toEqual([]);
  const redis = new Redis(env('VAXEL_REDIS'));
  const keys = await redis.keys(`bull:cell-${own.cell}-retention*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
});
