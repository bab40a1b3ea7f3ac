import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { createUser } from '#lib/server/operations/index.ts';
import { env } from '../support/environment.ts';
import { startLiveWeb, type LiveWeb, type Page } from '../support/live-web.ts';
import { openStoredEngine, type StoredEngine } from '../support/stored-engine.ts';
import { plainAgent, plainMember, plainNumber, plainQueue } from '#lib/simulation/values.ts';
import { openFixture, unique, type Fixture } from './db-fixture.ts';

/** A cell of this file's own. */
const cell = 7_100;
let fixture: Fixture;
let redis: Redis;
let engine: StoredEngine;
let webs: [LiveWeb, LiveWeb];
let agent: Actor;
let deviceId: ReturnType<typeof id.device>;

beforeAll(async () => {
  fixture = await openFixture();
  redis = new Redis(env('VAXEL_REDIS'));
  const administrator = await fixture.organization();
  const organizationId = id.organization(administrator.organizationId);
  const made = await fixture.operations.run(createUser, administrator, {
    name: 'Anna Berg',
    email: `${unique()}@nordhamn.example`,
    role: 'agent',
    plan: 'pro',
    language: 'sv',
    password: 'correct-horse-battery'
  });
  if (!made.ok) throw new Error(made.code);
  agent = { ...administrator, userId: made.result.id, role: 'agent' };
  const [device] = await fixture.owner.sql`select id from device where user_id = ${agent.userId}`;
  deviceId = id.device(String(device?.id));
  engine = await openStoredEngine(cell);
  const [queueId, agentId] = [id.queue('q'), id.agent(agent.userId)];
  await engine.configure(plainQueue(queueId, { name: 'Support', organizationId }));
  await engine.configure(plainAgent(agentId, { organizationId, name: 'Anna Berg', deviceId }));
  await engine.configure(plainMember(queueId, agentId, { organizationId }));
  await engine.configure(plainNumber('+4650', queueId, { organizationId }));
  await engine.tell({
    type: 'reconciled',
    snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [] }
  });
  await engine.tell({ type: 'reachability-changed', deviceId, reachable: true, reason: 'registered' });
  webs = [await startLiveWeb(fixture, cell), await startLiveWeb(fixture, cell)];
});
afterAll(async () => {
  await Promise.all(webs.map((web) => web.close()));
  await engine.close();
  redis.disconnect();
  await fixture.close();
});

async function openDesk(web: LiveWeb): Promise<Page> {
  const page = await web.open(agent);
  page.send({ type: 'subscribe', topic: 'desk' });
  await page.frame((frame) => frame.type === 'snapshot');
  return page;
}
const pages = () => redis.zcard(cellKeys(cell).pages(agent.userId));
const pageGone = () => engine.engine.state.device.get(deviceId)?.pageGone;
/** Whatever was sent before it has been decided once it is answered. */
const click = (web: LiveWeb, type: 'pause' | 'resume') =>
  web.services.click(id.agent(agent.userId), type === 'pause' ? { type, reason: null } : { type });

test('a page that goes from one web hides none that is there on another; the last to go does', async () => {
  const [one, two] = webs;
  const first = await openDesk(one);
  expect(await one.services.click(id.agent(agent.userId), { type: 'start-shift', deviceId })).toMatchObject({
    ok: true
  });
  const callId = id.call('c1');
  await engine.tell({ type: 'call-arrived', callId, dialled: '+4650', caller: { token: null, withheld: true } });
  const offerId = [...engine.engine.state.offer.keys()][0] ?? id.offer('none');
  await engine.tell({ type: 'offer-answered', offerId });
  expect(engine.engine.state.offer.get(offerId)?.phase).toBe('talking');

  const second = await openDesk(two);
  await expect.poll(pages).toBe(2);
  first.socket.close();
  await expect.poll(pages, { timeout: 5_000 }).toBe(1);
  expect(await click(two, 'pause')).toMatchObject({ ok: true });
  expect(pageGone()).toBe(false);

  // Back to the first before the second is let go of.
  second.socket.close();
  const third = await openDesk(one);
  await expect.poll(pages).toBe(2);
  await expect.poll(pages, { timeout: 5_000 }).toBe(1);
  expect(await click(one, 'resume')).toMatchObject({ ok: true });
  expect(pageGone()).toBe(false);
  expect([...engine.engine.state.deadline.keys()].filter((key) => key.startsWith('page:'))).toEqual([]);

  third.socket.close();
  await expect.poll(pageGone, { timeout: 5_000 }).toBe(true);
  await openDesk(two);
  await expect.poll(pageGone, { timeout: 5_000 }).toBe(false);
  expect(engine.engine.state.offer.get(offerId)?.phase).toBe('talking');
  expect([...engine.errors, ...one.errors, ...two.errors]).toEqual([]);
});
