import { Redis } from 'ioredis';
import type postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import { factsMost, trimToHistory } from '#lib/server/cell/facts-stream.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { runHistory } from '#lib/server/history/history.ts';
import { plainAgent, plainMember, plainNumber, plainOrganization, plainQueue } from '#lib/simulation/values.ts';
import { env } from '../support/environment.ts';
import { startLiveWeb, type LiveWeb } from '../support/live-web.ts';
import { openStoredEngine, type StoredEngine } from '../support/stored-engine.ts';
import { writeHistory } from '../support/follow-history.ts';
import { openFixture, type Fixture } from './db-fixture.ts';

/** Cells of this file's own. */
const cell = 6_000 + Math.floor(Math.random() * 450) * 2;
const fullCell = cell + 1;
const keys = cellKeys(cell);
const minute = 60_000;
const [queueId, agentId, deviceId] = [id.queue('q'), id.agent('anna'), id.device('d')];
let fixture: Fixture;
let redis: Redis;
let engine: StoredEngine;
let actor: Actor;
/** Noon of this day, so that no test meets midnight. */
let nowMs = Temporal.Now.zonedDateTimeISO('Europe/Stockholm').with({ hour: 12, minute: 1 }).epochMilliseconds;
const errors: unknown[] = [];

beforeAll(async () => {
  fixture = await openFixture();
  redis = new Redis(env('VAXEL_REDIS'));
  actor = await fixture.organization();
  engine = await openStoredEngine(cell);
  engine.at(nowMs);
  const organizationId = id.organization(actor.organizationId);
  const organization = { name: 'Nordhamn', timeZone: 'Europe/Stockholm', language: 'sv' as const };
  await engine.configure(plainOrganization({ id: organizationId, ...organization }));
  await engine.configure(plainQueue(queueId, { name: 'Support', organizationId }));
  await engine.configure(plainAgent(agentId, { organizationId, name: 'Anna', deviceId }));
  await engine.configure(plainMember(queueId, agentId, { organizationId }));
  await engine.configure(plainNumber('+4650', queueId, { organizationId }));
  await engine.tell({
    type: 'reconciled',
    snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [] }
  });
  await engine.tell({ type: 'reachability-changed', deviceId, reachable: true, reason: 'registered' });
  await click({ type: 'start-shift', deviceId });
});
afterAll(async () => {
  await engine.close();
  await redis.del(keys.facts, keys.state, keys.epoch, cellKeys(fullCell).facts, cellKeys(fullCell).epoch);
  // Its organization says that it is of the test cell, whose agents others count.
  await fixture.owner.sql`delete from agent_intent where organization_id = ${actor.organizationId}`;
  redis.disconnect();
  await fixture.close();
});

type Click = Parameters<LiveWeb['services']['click']>[1];
const click = (one: Click) => engine.tell({ type: 'click', commandId: `k${nowMs}`, agentId, click: one });
let calls = 0;

/** One call, answered after `waitMs` or abandoned then. */
async function call(answered: boolean, waitMs: number): Promise<void> {
  const callId = id.call(`c${(calls += 1)}`);
  if (!answered) await click({ type: 'pause', reason: null });
  await engine.tell({ type: 'call-arrived', callId, dialled: '+4650', caller: { token: null, withheld: true } });
  later(waitMs);
  if (answered) {
    const [offerId = id.offer('none')] = engine.engine.state.offer.keys();
    await engine.tell({ type: 'offer-answered', offerId });
    later(30_000);
    await engine.tell({ type: 'offer-ended', offerId, cause: 'hung-up' });
    await engine.tell({ type: 'call-ended', callId, cause: 'hung-up' });
    later(2_000);
    await click({ type: 'ready' });
  } else {
    await engine.tell({ type: 'call-ended', callId, cause: 'hung-up' });
    await click({ type: 'resume' });
  }
}
function later(ms: number): void {
  nowMs += ms;
  engine.at(nowMs);
}

const toHistory = () => writeHistory(fixture.owner, cell, engine.position());

async function openBoard(): Promise<{ web: LiveWeb; shown: () => unknown }> {
  const web = await startLiveWeb(fixture, cell, () => nowMs);
  const page = await web.open(actor);
  page.send({ type: 'subscribe', topic: 'wallboard' });
  await page.frame((frame) => frame.type === 'snapshot');
  return {
    web,
    /** As the page has put it together. */
    shown() {
      let view = {};
      for (const frame of page.frames)
        if (frame.type === 'snapshot') view = frame.view;
        else if (frame.type === 'delta') view = { ...view, ...frame.change };
      return view;
    }
  };
}

test('a new web has today’s figures though the stream has let go of most of the day', async () => {
  const old = await openBoard();
  await call(true, 5_000);
  await toHistory();
  await call(true, 40_000);
  await call(false, 90_000);
  later(20 * minute);
  await call(true, 6_000);
  await toHistory();
  await call(false, 2_000);
  later(20 * minute);
  await call(false, 30_000);
  await toHistory();
  // All but the very last of what history has goes; what comes now is in the stream alone.
  const cursor = engine.position();
  while ((await trimToHistory(redis, keys.facts, cursor, 1)) > 0);
  expect(await redis.xlen(keys.facts)).toBe(1);
  await call(true, 7_000);
  await engine.tell({
    type: 'call-arrived',
    callId: id.call('waits'),
    dialled: '+4650',
    caller: { token: null, withheld: true }
  });

  const fresh = await openBoard();
  expect(fresh.shown()).toMatchObject({
    queues: [{ waiting: 1, answeredToday: 4, abandonedToday: 3, serviceLevelPercent: 50 }]
  });
  await expect.poll(() => old.shown()).toEqual(fresh.shown());
  const health = await fresh.web.services.health();
  const behind = engine.position().n - cursor.n;
  expect(health.components.history).toMatchObject({ ok: true, lag: { facts: behind, seconds: 39 }, facts: behind + 1 });
  expect(health.alarms).toEqual([]);
  expect([...errors, ...engine.errors, ...old.web.errors, ...fresh.web.errors]).toEqual([]);
  await Promise.all([old.web.close(), fresh.web.close()]);
});

test('each quarter begins with the view as it was, and is one chunk when it is over', async () => {
  const stopping = new AbortController();
  const { sql, db } = fixture.owner;
  const onError = (error: unknown) => errors.push(error);
  const following = runHistory({ redis: env('VAXEL_REDIS'), sql, db, cell, signal: stopping.signal, onError });
  const read = () => sql`
    select "from"::text as quarter, checkpoint is not null as begins, settled from fact_chunk
    where organization_id = ${actor.organizationId} and cell = ${cell} order by first_epoch, first_n`;
  // Facts of the last one have come, and so the others are over.
  const isOver = (row: postgres.Row, _: number, rows: postgres.Row[]) => row.quarter !== rows.at(-1)?.quarter;
  const { n } = engine.position();
  await expect.poll(async () => (await sql`select n from history_cursor where cell = ${cell}`)[0]?.n).toBe(String(n));
  await expect.poll(async () => (await read()).filter(isOver).every(({ settled }) => settled)).toBe(true);
  stopping.abort();
  await following;
  expect(errors).toEqual([]);
  const rows = await read();
  const over = rows.filter(isOver);
  expect(over.length).toBeGreaterThanOrEqual(2);
  expect(new Set(over.map(({ quarter }) => String(quarter))).size).toBe(over.length);
  expect(rows.map(({ begins }) => begins)).toEqual(rows.map((_, at) => at <= over.length));
  expect(rows.filter(({ settled }) => settled)).toEqual(over);
});

test('a stream over half of its limit is an alarm, and over all of it never grows', async () => {
  const full = cellKeys(fullCell).facts;
  const fill = `for i = ARGV[1], ARGV[2] do redis.call('XADD', KEYS[1], '1-' .. i, 'fact', '{"atMs":0}') end`;
  const web = await startLiveWeb(fixture, fullCell);
  await redis.eval(fill, 1, full, 1, factsMost / 2);
  expect((await web.services.health()).alarms).toEqual([]);
  await redis.eval(fill, 1, full, factsMost / 2 + 1, factsMost + 500);
  const health = await web.services.health();
  expect(health.alarms).toEqual(['stream-half-full']);
  expect(health.components.history).toMatchObject({
    ok: false,
    facts: factsMost + 500,
    lag: { facts: factsMost + 500 }
  });
  const worker = await openStoredEngine(fullCell);
  const organizationId = id.organization(actor.organizationId);
  await worker.configure(plainQueue(queueId, { organizationId }));
  expect(await redis.xlen(full)).toBeLessThan(factsMost + 200);
  await worker.close();
  await web.close();
});
