import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { withSnapshot } from '#lib/server/db/index.ts';
import { readHealth } from '#lib/server/health.ts';
import { readFacts } from '#lib/server/history/read-facts.ts';
import { readProgress, readView } from '#lib/server/history/read-view.ts';
import { plainAgent } from '#lib/simulation/values.ts';
import { env } from '../support/environment.ts';
import { follow } from '../support/follow-history.ts';
import { openFixture, unique } from './db-fixture.ts';

/** A cell of one test's own, so that no other history follows it. */
async function openCell(cell: number) {
  const fixture = await openFixture();
  const { organizationId } = await fixture.organization();
  return {
    fixture,
    redis: new Redis(env('VAXEL_REDIS')),
    keys: cellKeys(cell),
    organizationId,
    mark: unique(),
    common: { v: 1 as const, organizationId: id.organization(organizationId) }
  };
}

test('a fact that cannot be stored is set aside, counted and told; all others are kept', async () => {
  const { fixture, redis, keys, organizationId, mark, common } = await openCell(8_001);
  const visitOf = (n: number) => ({
    visitId: id.visit(`v${n}-${mark}`),
    callId: id.call(`c${n}-${mark}`),
    queueId: id.queue('q')
  });
  const entered = (n: number) => ({
    ...common,
    ...visitOf(n),
    atMs: 1_000 + n,
    type: 'visit-entered' as const,
    caller: null,
    withheld: true,
    queuedAtMs: 1_000 + n,
    creditSeconds: 0,
    strict: false,
    because: 'call' as const
  });
  const ended = (n: number, waitedMs: number) => ({
    ...common,
    ...visitOf(n),
    atMs: 2_000 + n,
    type: 'visit-ended' as const,
    outcome: 'abandoned' as const,
    waitedMs,
    agentId: null
  });
  const facts: Fact[] = [
    entered(1),
    // A zero byte is no text for Postgres.
    { ...entered(2), queueId: id.queue('q\u0000') },
    entered(3),
    // More milliseconds than the column holds.
    ended(1, 99_999_999_999),
    ended(3, 5),
    // Of a kind that this code does not know, and one that the view cannot take in.
    { ...common, atMs: 3_000, type: 'from-a-later-version' } as unknown as Fact,
    {
      ...common,
      atMs: 3_001,
      type: 'configured',
      entity: 'organization',
      id: organizationId,
      version: 1,
      removed: false,
      name: null,
      value: { type: 'organization', timeZone: 'Nowhere/Never' }
    } as unknown as Fact,
    entered(4)
  ];
  for (const [index, fact] of facts.entries())
    await redis.xadd(keys.facts, `9-${index + 1}`, 'fact', JSON.stringify(fact));
  const told = await follow(fixture.owner, 8_001);
  expect(told.map(String).toSorted()).toEqual([
    expect.stringContaining('fact-refused: configured at 9-7: RangeError'),
    expect.stringContaining('fact-refused: from-a-later-version at 9-6: unhandled'),
    'Error: fact-refused: visit-ended at 9-4: 22003',
    'Error: fact-refused: visit-entered at 9-2: 22P05'
  ]);
  const visits = await fixture.owner
    .sql`select id, outcome from visit where organization_id = ${organizationId} order by id`;
  expect(visits.map(({ id: visitId, outcome }) => [visitId, outcome])).toEqual([
    [`v1-${mark}`, null],
    [`v3-${mark}`, 'abandoned'],
    [`v4-${mark}`, null]
  ]);
  const aside = await fixture.owner.sql`select n, fact from refused_fact where cell = ${8_001} order by n`;
  expect(aside.map(({ n, fact }) => [Number(n), JSON.parse(String(fact)) as unknown])).toEqual(
    [2, 4, 6, 7].map((n) => [n, facts[n - 1]])
  );
  const progress = await readProgress(fixture.web.db, 8_001);
  expect(progress).toEqual({ at: { epoch: 9, n: facts.length }, refused: 4 });
  const kept = await withSnapshot(fixture.web.db, organizationId, (tx) =>
    Array.fromAsync(readFacts(tx, { organizationId, fromMs: 0, toMs: 10_000 }))
  );
  expect(kept).toEqual([1, 3, 5, 8].map((n) => facts[n - 1]));
  const health = await readHealth({
    cell: 8_001,
    redis,
    readProgress: () => Promise.resolve(progress),
    asteriskSip: 'ws://127.0.0.1:9/',
    nowMs: Date.now
  });
  expect(health.alarms).toEqual(['facts-refused']);
  expect(health.components.history).toMatchObject({ ok: false, refused: 4 });
  await redis.del(keys.facts);
  redis.disconnect();
  await fixture.close();
});

test('a batch over two quarters: the second begins with all of the first, whatever was refused or written there', async () => {
  const { fixture, redis, keys, organizationId, mark, common } = await openCell(8_002);
  const configured = { ...common, type: 'configured' as const, version: 1, removed: false, name: null };
  const agent = { ...plainAgent('anna'), organizationId: common.organizationId };
  const entered = (n: number, atMs: number) => ({
    ...common,
    visitId: id.visit(`v${n}-${mark}`),
    callId: id.call(`c${n}-${mark}`),
    queueId: id.queue('q'),
    atMs,
    type: 'visit-entered' as const,
    caller: null,
    withheld: true,
    queuedAtMs: atMs,
    creditSeconds: 0,
    strict: false,
    because: 'call' as const
  });
  const nowhere = { type: 'organization', timeZone: 'Nowhere/Never' };
  const facts: Fact[] = [
    { ...configured, atMs: 1_000, entity: 'agent', id: agent.id, value: agent },
    {
      ...common,
      atMs: 1_001,
      type: 'agent-state',
      agentId: agent.id,
      state: 'paused',
      // JSON that Postgres does not take.
      reason: 'a\u0000b\ud800',
      queueId: null,
      visitId: null,
      sinceMs: 1_001
    },
    entered(1, 1_002),
    { ...configured, atMs: 1_003, entity: 'organization', id: organizationId, value: nowhere } as unknown as Fact,
    entered(2, 1_004),
    entered(3, 16 * 60_000)
  ];
  for (const [index, fact] of facts.entries())
    await redis.xadd(keys.facts, `9-${index + 1}`, 'fact', JSON.stringify(fact));
  expect((await follow(fixture.owner, 8_002)).map(String)).toEqual([
    expect.stringContaining('fact-refused: configured at 9-4: RangeError')
  ]);
  const of = { organizationId, cell: 8_002, timeZone: 'UTC', nowMs: 0 };
  const { view, fromMs } = await withSnapshot(fixture.web.db, organizationId, (tx) => readView(tx, of));
  expect(fromMs).toBe(15 * 60_000);
  expect([...view.live.visits.keys()]).toEqual([1, 2, 3].map((n) => `v${n}-${mark}`));
  expect(view.live.sessions.get(agent.id)).toMatchObject({ state: 'paused', reason: 'ab\ufffd' });
  await redis.del(keys.facts);
  redis.disconnect();
  await fixture.close();
});
