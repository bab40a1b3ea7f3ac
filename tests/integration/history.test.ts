import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { connect, migrate } from '#lib/server/db/index.ts';
import { runHistory } from '#lib/server/history/history.ts';
import { env } from '../support/environment.ts';

/** A cell of this test's own, so that the running history of the stack leaves it alone. */
const cell = 9_000 + Math.floor(Math.random() * 900);

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
      creditSeconds: 0,
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
  const errors: unknown[] = [];
  const follow = () => {
    const stopping = new AbortController();
    let reached = (): void => undefined;
    const done = new Promise<void>((resolve) => (reached = resolve));
    const running = runHistory({
      redis: env('VAXEL_REDIS'),
      sql: connection.sql,
      cell,
      signal: stopping.signal,
      onError: (error) => errors.push(error),
      progressed: () => reached()
    });
    return { done, end: async () => (stopping.abort(), await running) };
  };
  const first = follow();
  await first.done;
  await first.end();
  // The cursor back to the middle, as if the transaction's answer had been lost: nothing counts twice.
  await connection.sql`update history_cursor set n = 3 where cell = ${cell}`;
  const second = follow();
  await second.done;
  await second.end();

  expect(errors).toEqual([]);
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
