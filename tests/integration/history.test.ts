import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { id, type AgentId, type CallerToken } from '#lib/acd/ids.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { connect, migrate, schema, withOrganization } from '#lib/server/db/index.ts';
import { readIntents } from '#lib/server/history/intents.ts';
import { readPlaces } from '#lib/server/history/places.ts';
import { readAccuracy } from '#lib/server/operations/read-accuracy.ts';
import { env } from '../support/environment.ts';
import { followOnce } from '../support/follow-history.ts';
import { openFixture, testCell, unique } from './db-fixture.ts';

/** A cell of this test's own, so that the running history of the stack leaves it alone. */
const cell = 9_001;

test('facts become rows once, in one transaction with the cursor, whatever is read again', async () => {
  await migrate(env('VAXEL_DATABASE'), env('VAXEL_DATABASE_WEB'));
  const connection = connect(env('VAXEL_DATABASE'), { max: 2 });
  const redis = new Redis(env('VAXEL_REDIS'));
  const mark = randomUUID().slice(0, 8);
  const organizationId = id.organization(`o-${mark}`);
  const common = { v: 1 as const, organizationId };
  const call = { callId: id.call(`c-${mark}`), queueId: id.queue('q') };
  const visit = { visitId: id.visit(`v-${mark}`), ...call };
  const agent = { offerId: id.offer(`of-${mark}`), agentId: id.agent('a') };
  const why = {
    rule: 'longest-idle' as const,
    idleSinceMs: 5,
    eligible: [id.agent('a')],
    place: 1,
    trigger: 'visit-entered' as const
  };
  const facts: Fact[] = [
    {
      ...common,
      atMs: 1_000,
      type: 'call-arrived',
      ...call,
      caller: null,
      withheld: true,
      dialled: '+4650',
      numberId: id.number('n')
    },
    {
      ...common,
      atMs: 1_001,
      type: 'visit-entered',
      ...visit,
      caller: null,
      withheld: true,
      queuedAtMs: 1_001,
      creditSeconds: 30.511,
      strict: false,
      because: 'call'
    },
    { ...common, atMs: 1_002, type: 'offered', ...visit, ...agent, deviceId: id.device('d'), ringUntilMs: 21_002, why },
    {
      ...common,
      atMs: 1_010,
      type: 'offer-ended',
      ...visit,
      ...agent,
      outcome: 'accepted',
      cause: null,
      unansweredInRow: 0
    },
    {
      ...common,
      atMs: 1_011,
      type: 'visit-ended',
      ...visit,
      outcome: 'answered',
      waitedMs: 10,
      agentId: id.agent('a')
    },
    { ...common, atMs: 1_012, type: 'talk-started', ...visit, ...agent, sinceMs: 1_012 },
    { ...common, atMs: 9_012, type: 'talk-ended', ...visit, ...agent, talkedMs: 8_000, endedBy: 'caller', lost: false }
  ];
  const keys = cellKeys(cell);
  for (const [index, fact] of facts.entries())
    await redis.xadd(keys.facts, `7-${index + 1}`, 'fact', JSON.stringify(fact));
  await followOnce(connection, cell);
  // The cursor back to the middle, as if the transaction's answer had been lost: nothing counts twice.
  await connection.sql`update history_cursor set n = 3 where cell = ${cell}`;
  await followOnce(connection, cell);

  const [offer] = await connection.sql`select outcome, why from offer where id = ${agent.offerId}`;
  expect(offer).toMatchObject({ outcome: 'accepted' });
  expect(typeof offer?.why === 'string' ? JSON.parse(offer.why) : offer?.why).toEqual(why);
  const visits =
    await connection.sql`select outcome, waited_ms, talked_ms, agent_id from visit where id = ${visit.visitId}`;
  expect([...visits]).toEqual([{ outcome: 'answered', waited_ms: 10, talked_ms: 8_000, agent_id: 'a' }]);
  const [cursor] = await connection.sql`select epoch, n from history_cursor where cell = ${cell}`;
  expect([Number(cursor?.epoch), Number(cursor?.n)]).toEqual([7, facts.length]);
  await redis.del(keys.facts);
  redis.disconnect();
  await connection.close();
});

test('what agents want is kept as they change it, and read for those on shift', async () => {
  const fixture = await openFixture();
  const redis = new Redis(env('VAXEL_REDIS'));
  const keys = cellKeys(testCell);
  const { organizationId } = await fixture.organization();
  const mark = unique();
  const [anna, bo] = [id.agent(`anna-${mark}`), id.agent(`bo-${mark}`)];
  const [support, sales] = [id.queue(`support-${mark}`), id.queue(`sales-${mark}`)];
  const of = (agentId: AgentId) => ({ v: 1 as const, organizationId: id.organization(organizationId), agentId });
  const shift = { type: 'shift-changed' as const, reachable: true };
  const login = { type: 'login-changed' as const, by: 'agent' as const };
  const deviceId = id.device(`d-${mark}`);
  const facts: Fact[] = [
    { ...of(anna), atMs: 1_000, ...shift, on: true, deviceId },
    { ...of(anna), atMs: 1_000, ...login, queueId: support, loggedIn: true },
    { ...of(anna), atMs: 1_000, ...login, queueId: sales, loggedIn: true },
    { ...of(bo), atMs: 1_100, ...shift, on: true, deviceId: id.device(`e-${mark}`) },
    { ...of(anna), atMs: 2_000, ...login, queueId: support, loggedIn: false },
    { ...of(anna), atMs: 3_000, type: 'pause-changed', paused: true, reason: 'lunch' },
    { ...of(bo), atMs: 4_000, ...shift, on: false, deviceId: null },
    // Of an organization that is no more: nothing to keep, and no reason to stop.
    { ...of(bo), organizationId: id.organization(`gone-${mark}`), atMs: 5_000, ...shift, on: true, deviceId },
    // Restored after the state was lost: it began when it began.
    { ...of(anna), atMs: 9_000, ...shift, on: true, deviceId, sinceMs: 1_000 }
  ];
  for (const [index, fact] of facts.entries())
    await redis.xadd(keys.facts, `8-${index + 1}`, 'fact', JSON.stringify(fact));
  const expected = [
    {
      agentId: anna,
      organizationId,
      deviceId,
      shiftSinceMs: 1_000,
      queueIds: [sales],
      paused: { reason: 'lunch', sinceMs: 3_000 }
    }
  ];
  await followOnce(fixture.owner, testCell);
  expect(await readIntents(fixture.owner.sql, testCell)).toEqual(expected);
  // Once more from the start, as if the transaction's answer had been lost.
  await fixture.owner.sql`update history_cursor set n = 0 where cell = ${testCell}`;
  await followOnce(fixture.owner, testCell);
  expect(await readIntents(fixture.owner.sql, testCell)).toEqual(expected);
  // The web role sees its own organization's only.
  const others = (await fixture.organization()).organizationId;
  for (const [one, count] of [
    [organizationId, 2],
    [others, 0]
  ] as const)
    expect(await withOrganization(fixture.web.db, one, (tx) => tx.select().from(schema.agentIntent))).toHaveLength(
      count
    );
  await redis.del(keys.facts);
  redis.disconnect();
  await fixture.close();
});

test('kept places are there until they are taken or over, with whose they are', async () => {
  const fixture = await openFixture();
  const redis = new Redis(env('VAXEL_REDIS'));
  const ofCell = 7_200;
  const keys = cellKeys(ofCell);
  const { organizationId: own } = await fixture.organization();
  await fixture.owner.sql`update organization set cell = ${ofCell} where id = ${own}`;
  const organizationId = id.organization(own);
  const mark = unique();
  const queueId = id.queue('q');
  const callers = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => id.caller(`${letter}-${mark}`));
  const [a, b, c, d, e, f] = callers as [CallerToken, CallerToken, CallerToken, CallerToken, CallerToken, CallerToken];
  for (const token of [a, b, c, d, e])
    await fixture.owner
      .sql`insert into caller (organization_id, token, number, name) values (${own}, ${token}, ${token === e ? null : `+46 ${token}`}, 'Maria Ek')`;
  const visitId = id.visit('v');
  const kept = (caller: CallerToken, atMs: number, more: object = {}): Fact => {
    const until = { untilMs: atMs + 300_000, ...more };
    return {
      v: 1,
      organizationId,
      atMs,
      type: 'place-kept',
      visitId,
      queueId,
      caller,
      rankMs: atMs - 40_123,
      ...until
    };
  };
  const taken = (caller: CallerToken, atMs: number): Fact => {
    const by = { visitId, callId: id.call('c'), creditSeconds: 1 };
    return { v: 1, organizationId, atMs, type: 'place-taken', ...by, queueId, caller };
  };
  const batches: Fact[][] = [
    [
      kept(a, 100_000, { strict: true, waitedMs: 41_000 }),
      kept(b, 100_001),
      taken(b, 100_002),
      kept(c, 100_003),
      kept(d, 100_004, { untilMs: 150_000 }),
      // Of somebody who has been erased, of somebody unknown, and of an organization that is no more.
      kept(e, 100_005),
      kept(f, 100_006),
      { ...kept(a, 100_007), organizationId: id.organization(`gone-${mark}`) }
    ],
    [taken(c, 200_000), taken(a, 200_001), kept(a, 200_002)]
  ];
  const place = { organizationId, queueId, strict: false, waitedMs: 0 };
  const person = (token: CallerToken) => ({ number: `+46 ${token}`, name: 'Maria Ek' });
  const first = { ...place, caller: a, rankMs: 59_877, strict: true, waitedMs: 41_000, untilMs: 400_000 };
  const expected = [
    [
      { place: { ...place, caller: c, rankMs: 59_880, untilMs: 400_003 }, person: person(c) },
      { place: first, person: person(a) },
      { place: { ...place, caller: d, rankMs: 59_881, untilMs: 150_000 }, person: person(d) }
    ],
    [{ place: { ...place, caller: a, rankMs: 159_879, untilMs: 500_002 }, person: person(a) }]
  ];
  let n = 0;
  for (const [at, facts] of batches.entries()) {
    for (const fact of facts) await redis.xadd(keys.facts, `9-${(n += 1)}`, 'fact', JSON.stringify(fact));
    await followOnce(fixture.owner, ofCell);
    expect(await readPlaces(fixture.owner.sql, ofCell)).toEqual(expected[at]);
  }
  await redis.del(keys.facts);
  redis.disconnect();
  await fixture.close();
});

test('B5: what was predicted is kept with what then happened, and how right it was is read from it', async () => {
  const fixture = await openFixture();
  const redis = new Redis(env('VAXEL_REDIS'));
  const ownCell = 9_017;
  const keys = cellKeys(ownCell);
  const organizationId = id.organization((await fixture.organization()).organizationId);
  const mark = unique();
  const queueId = id.queue(`q-${mark}`);
  const nowMs = Date.now();
  /** Waited so long, was told 100 s (80 to 120), app_queue's 60 s. */
  const visit = (n: number, waitedMs: number, outcome: 'answered' | 'abandoned'): Fact[] => {
    const common = { v: 1 as const, organizationId };
    const about = { visitId: id.visit(`v${n}-${mark}`), callId: id.call(`c${n}-${mark}`), queueId };
    const rank = { queuedAtMs: nowMs, creditSeconds: 0, strict: false };
    const expectedMs = { pace: 100_000, handle: null, average: 60_000 };
    const range = { lowMs: 80_000, highMs: 120_000 };
    const agentId = outcome === 'answered' ? id.agent('a') : null;
    const atMs = nowMs;
    return [
      { ...common, atMs, type: 'visit-entered', ...about, caller: null, withheld: true, ...rank, because: 'call' },
      { ...common, atMs, type: 'predicted', ...about, place: 2, agents: 1, by: 'pace', expectedMs, ...range },
      { ...common, atMs: nowMs + waitedMs, type: 'visit-ended', ...about, outcome, waitedMs, agentId }
    ];
  };
  const facts = [...visit(1, 110_000, 'answered'), ...visit(2, 130_000, 'answered'), ...visit(3, 500_000, 'abandoned')];
  for (const [index, fact] of facts.entries())
    await redis.xadd(keys.facts, `7-${index + 1}`, 'fact', JSON.stringify(fact));
  await followOnce(fixture.owner, ownCell);
  const read = (of: string) =>
    withOrganization(fixture.web.db, of, (tx) => readAccuracy(tx, of, queueId, nowMs + 1_000_000));
  expect(await read(organizationId)).toEqual({
    answered: 2,
    errorSeconds: expect.closeTo(Math.sqrt((10 ** 2 + 30 ** 2) / 2)),
    averageErrorSeconds: expect.closeTo(Math.sqrt((50 ** 2 + 70 ** 2) / 2)),
    withinPercent: 50
  });
  expect(await read((await fixture.organization()).organizationId)).toMatchObject({ answered: 0, errorSeconds: null });
  await redis.del(keys.facts);
  redis.disconnect();
  await fixture.close();
});
