import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import { sessionCookie } from '#lib/server/auth/index.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { Alarm, ServerFrame } from '#lib/live/topics.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { healthKeys, type WorkerHealth } from '#lib/server/health.ts';
import { env } from '../support/environment.ts';
import { startLiveWeb, type LiveWeb } from '../support/live-web.ts';
import { openStoredEngine, type StoredEngine } from '../support/stored-engine.ts';
import { plainQueue } from '#lib/simulation/values.ts';
import { openFixture, type Fixture } from './db-fixture.ts';

/** A cell of this file's own. */
const cell = 8_100;
let fixture: Fixture;
let engine: StoredEngine;
let web: LiveWeb;
let actor: Actor;
let version = 1;

beforeAll(async () => {
  fixture = await openFixture();
  actor = await fixture.organization();
  engine = await openStoredEngine(cell);
  await rename('Support');
  web = await startLiveWeb(fixture, cell);
});
afterAll(async () => {
  await web.close();
  await engine.close();
  await fixture.close();
});

/** Something that every wallboard shows. */
const rename = (name: string) =>
  engine.configure(plainQueue('q', { name, organizationId: id.organization(actor.organizationId) }), (version += 1));
const says = (name: string) => (frame: object) => JSON.stringify(frame).includes(name);

test('a topic asked for twice at once is sent once; taken back at once, not at all', async () => {
  const twice = await web.open(actor);
  twice.send({ type: 'subscribe', topic: 'wallboard' });
  twice.send({ type: 'subscribe', topic: 'wallboard' });
  const none = await web.open(actor);
  none.send({ type: 'subscribe', topic: 'wallboard' });
  none.send({ type: 'unsubscribe', topic: 'wallboard' });
  await twice.frame((frame) => frame.type === 'snapshot');
  // The last holder of a view that nobody read yet has gone: the one that was opened beside it lives on.
  await rename('Kundtjänst');
  await twice.frame(says('Kundtjänst'));
  none.send({ type: 'subscribe', topic: 'wallboard' });
  await none.frame((frame) => frame.type === 'snapshot');
  await rename('Växeln');
  await Promise.all([twice.frame(says('Växeln')), none.frame(says('Växeln'))]);
  expect(twice.frames.map(({ type }) => type)).toEqual(['snapshot', 'delta', 'delta']);
  expect(none.frames.map(({ type }) => type)).toEqual(['snapshot', 'delta']);
  for (const { socket } of [twice, none]) socket.close();
});

test('a page that asks again and again gets the whole at the pace of all frames, and is closed for a flood', async () => {
  const page = await web.open(actor);
  page.send({ type: 'subscribe', topic: 'wallboard' });
  await page.frame((frame) => frame.type === 'snapshot');
  const from = page.frames.length;
  for (let count = 0; count < 50; count += 1) page.send({ type: 'again', topic: 'wallboard' });
  await page.frame((frame) => frame.type === 'snapshot', from);
  await rename('Försäljning');
  await page.frame(says('Försäljning'), from);
  expect(page.frames.length - from).toBeLessThanOrEqual(3);
  const closed = once(page.socket, 'close');
  for (let count = 0; count < 150; count += 1) page.send({ type: 'again', topic: 'wallboard' });
  expect((await closed)[0]).toBe(1008);
});

test('what the worker decides is not stored: every wallboard says so until it is', async () => {
  const redis = new Redis(env('VAXEL_REDIS'));
  const workerSays = (durable: boolean) => {
    const health: WorkerHealth = { lease: engine.epoch, reconciled: true, durable, asterisk: true, hoursBroken: 0 };
    return redis.set(healthKeys.worker(cell), JSON.stringify(health), 'PX', 60_000);
  };
  const alarms = (frame: ServerFrame): string[] | null => {
    const view = frame.type === 'snapshot' ? frame.view : frame.type === 'delta' ? frame.change : {};
    return 'alarms' in view ? (view.alarms as Alarm[]).map(({ code }) => code) : null;
  };
  const page = await web.open(actor);
  page.send({ type: 'subscribe', topic: 'wallboard' });
  const first = await page.frame((frame) => alarms(frame) !== null);
  expect(alarms(first)).not.toContain('not-durable');
  await workerSays(false);
  await page.frame((frame) => alarms(frame)?.[0] === 'not-durable');
  // Who comes now is told, too.
  const late = await web.open(actor);
  late.send({ type: 'subscribe', topic: 'wallboard' });
  expect(alarms(await late.frame((frame) => frame.type === 'snapshot'))).toContain('not-durable');
  const from = page.frames.length;
  await workerSays(true);
  await page.frame((frame) => alarms(frame)?.includes('not-durable') === false, from);
  for (const { socket } of [page, late]) socket.close();
  await redis.del(healthKeys.worker(cell));
  redis.disconnect();
});

test('with no worker in charge a page that opens is told that its whole view stands still', async () => {
  const redis = new Redis(env('VAXEL_REDIS'));
  await redis.del(cellKeys(cell).lease);
  const page = await web.open(actor);
  page.send({ type: 'subscribe', topic: 'wallboard' });
  await page.frame((frame) => frame.type === 'stale' && frame.sinceMs !== null);
  const late = await web.open(actor);
  late.send({ type: 'subscribe', topic: 'wallboard' });
  await late.frame((frame) => frame.type === 'stale' && frame.sinceMs !== null);
  expect(late.frames.map(({ type }) => type)).toEqual(['snapshot', 'stale']);
  const from = late.frames.length;
  await redis.set(cellKeys(cell).lease, String(engine.epoch));
  await late.frame((frame) => frame.type === 'stale' && frame.sinceMs === null, from);
  for (const { socket } of [page, late]) socket.close();
  await redis.del(cellKeys(cell).lease);
  redis.disconnect();
});

test('a cookie that no server of ours has set is nobody', async () => {
  const refused = async (cookie: string) => {
    const answer = await web.open(actor, cookie).then(
      () => 'opened',
      (error: unknown) => String(error)
    );
    return answer;
  };
  expect(await refused(`${sessionCookie}=%E0%A4%A`)).toContain('401');
  expect(await refused('')).toContain('401');
  expect(web.errors).toEqual([]);
});
