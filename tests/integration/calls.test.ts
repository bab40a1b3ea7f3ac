import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Click } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';
import { allCalls, type CallFilter, type CallShow } from '#lib/calls/filter.ts';
import { plain } from '#lib/calls/say.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { withOrganization, withSnapshot } from '#lib/server/db/index.ts';
import { createQueue, createUser, setUserActive, updateQueue } from '#lib/server/operations/index.ts';
import { readCall } from '#lib/server/operations/read-call.ts';
import { callsPerPage, countCalls, listCalls } from '#lib/server/operations/read-calls.ts';
import { plainAgent, plainMember, plainNumber, plainOrganization, plainQueue } from '#lib/simulation/values.ts';
import type { QueueView, WallboardView } from '#lib/live/topics.ts';
import { env } from '../support/environment.ts';
import { startLiveWeb } from '../support/live-web.ts';
import { openStoredEngine, type StoredEngine } from '../support/stored-engine.ts';
import { writeHistory } from '../support/follow-history.ts';
import { openFixture, unique, type Fixture } from './db-fixture.ts';

/** The list of calls and one call's record, of facts that the real engine told and history wrote. */
const cell = 5_100;
const keys = cellKeys(cell);
let fixture: Fixture;
let redis: Redis;
let engine: StoredEngine;
let actor: Actor;
let support: ReturnType<typeof id.queue>;
let anna: Person;
let bo: Person;
/** Ten minutes to midnight of the day before; the day's calls are around noon. */
const noon = Temporal.Now.zonedDateTimeISO('Europe/Stockholm').with({ hour: 12, minute: 1, second: 0 });
let nowMs = noon.startOfDay().subtract({ minutes: 10 }).epochMilliseconds;

interface Person {
  agentId: ReturnType<typeof id.agent>;
  deviceId: ReturnType<typeof id.device>;
}

beforeAll(async () => {
  fixture = await openFixture();
  redis = new Redis(env('VAXEL_REDIS'));
  actor = await fixture.organization();
  engine = await openStoredEngine(cell);
  engine.at(nowMs);
  const organizationId = id.organization(actor.organizationId);
  const made = await fixture.operations.run(createQueue, actor, { name: 'Support', kind: 'plus', scheduleId: '' });
  if (!made.ok) throw new Error(made.code);
  support = id.queue(made.result.id);
  const targets = { serviceLevelSeconds: 20, shortAbandonSeconds: 5 };
  await fixture.operations.run(updateQueue, actor, { id: support, ...targets });
  anna = await person('Anna Berg');
  bo = await person('Bo Ek');
  await fixture.owner
    .sql`update configuration_version set applied_at = to_timestamp(0) where organization_id = ${actor.organizationId}`;
  const organization = { name: 'Nordhamn', timeZone: 'Europe/Stockholm', language: 'sv' as const };
  await engine.configure(plainOrganization({ id: organizationId, ...organization }));
  await engine.configure(plainQueue(support, { organizationId, name: 'Support', wrapUpSeconds: 0, ...targets }));
  await engine.configure(plainNumber('+46846500412', support, { organizationId }));
  for (const { agentId, deviceId } of [anna, bo]) {
    await engine.configure(plainAgent(agentId, { organizationId, deviceId }));
    await engine.configure(plainMember(support, agentId, { organizationId }));
  }
  await engine.tell({
    type: 'reconciled',
    snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [] }
  });
});
afterAll(async () => {
  await engine.close();
  await redis.del(keys.facts, keys.state, keys.epoch);
  await fixture.owner.sql`delete from agent_intent where organization_id = ${actor.organizationId}`;
  redis.disconnect();
  await fixture.close();
});

async function person(name: string): Promise<Person> {
  const input = { name, email: `${unique()}@nordhamn.example`, role: 'agent', plan: 'pro', language: 'sv' } as const;
  const made = await fixture.operations.run(createUser, actor, { ...input, password: 'correct-horse-battery' });
  if (!made.ok) throw new Error(made.code);
  return { agentId: id.agent(made.result.id), deviceId: id.device(`d-${unique()}`) };
}

function later(seconds: number): void {
  nowMs += seconds * 1_000;
  engine.at(nowMs);
}
const click = (agentId: Person['agentId'], one: Click) =>
  engine.tell({ type: 'click', commandId: `k-${unique()}`, agentId, click: one });
async function work({ agentId, deviceId }: Person): Promise<void> {
  await engine.tell({ type: 'reachability-changed', deviceId, reachable: true, reason: 'registered' });
  await click(agentId, { type: 'start-shift', deviceId });
}
const ringing = () => [...engine.engine.state.offer.values()].find((offer) => offer.phase === 'ringing')!;

async function arrive(number: string | null = null): Promise<ReturnType<typeof id.call>> {
  const callId = id.call(`c-${unique()}`);
  const token = number === null ? null : id.caller(`t-${unique()}`);
  if (token) await redis.set(keys.caller(token), JSON.stringify({ number, name: null }));
  await engine.tell({
    type: 'call-arrived',
    callId,
    dialled: '+46846500412',
    caller: { token, withheld: token === null }
  });
  return callId;
}
async function answerAndEnd(callId: ReturnType<typeof id.call>, talkSeconds = 30): Promise<void> {
  const { id: offerId } = ringing();
  await engine.tell({ type: 'offer-ringing', offerId });
  await engine.tell({ type: 'offer-answered', offerId });
  later(talkSeconds);
  await engine.tell({ type: 'offer-ended', offerId, cause: 'hung-up' });
  await engine.tell({ type: 'call-ended', callId, cause: 'hung-up' });
  later(1);
}
const hangUp = (callId: ReturnType<typeof id.call>) => engine.tell({ type: 'call-ended', callId, cause: 'hung-up' });

const toHistory = () => writeHistory(fixture.owner, cell, engine.position());

const list = (filter: Partial<CallFilter> = {}, after: string | null = null, who = actor) =>
  withOrganization(fixture.web.db, who.organizationId, (tx) =>
    listCalls(tx, who, { ...allCalls, ...filter }, nowMs, after)
  );
const count = (show: CallShow) =>
  withOrganization(fixture.web.db, actor.organizationId, (tx) =>
    countCalls(tx, actor, { ...allCalls, queueId: support, show }, nowMs)
  );
const record = (callId: string, who = actor) =>
  withSnapshot(fixture.web.db, who.organizationId, (tx) => readCall(tx, who, callId, 'en'));

test('the list’s counts are the wallboard’s figures, over midnight and with a target that changed', async () => {
  await work(anna);
  await answerAndEnd(await arrive());
  // Waits over midnight, and belongs to the day in which it is answered, as the figures have it.
  await click(anna.agentId, { type: 'pause', reason: null });
  const overMidnight = await arrive();
  nowMs = noon.startOfDay().epochMilliseconds + 30_000;
  engine.at(nowMs);
  await click(anna.agentId, { type: 'resume' });
  await answerAndEnd(overMidnight);
  nowMs = noon.epochMilliseconds;
  engine.at(nowMs);
  await answerAndEnd(await arrive('+46701740612'));
  await click(anna.agentId, { type: 'pause', reason: null });
  for (const seconds of [2, 90]) {
    const givesUp = await arrive('+46701740612');
    later(seconds);
    await hangUp(givesUp);
  }
  // From here on 120 s are in time; what ended before stays late.
  const organizationId = id.organization(actor.organizationId);
  const more = { organizationId, name: 'Support', wrapUpSeconds: 0, shortAbandonSeconds: 5 };
  const changed = { id: support, serviceLevelSeconds: 120 };
  const outcome = await fixture.operations.run(updateQueue, actor, changed);
  expect(outcome.ok).toBe(true);
  await fixture.owner
    .sql`update configuration_version set applied_at = to_timestamp(${nowMs / 1000}) where organization_id = ${actor.organizationId} and applied_at is null`;
  await engine.configure(plainQueue(support, { ...more, serviceLevelSeconds: 120 }), 2);
  const late = await arrive();
  later(60);
  await click(anna.agentId, { type: 'resume' });
  await answerAndEnd(late);
  const talking = await arrive();
  await engine.tell({ type: 'offer-answered', offerId: ringing().id });
  await arrive();
  later(1);
  const waitsLong = await arrive();
  later(125);
  await arrive();
  await toHistory();

  const queue = await board();
  expect(queue).toMatchObject({ answeredToday: 4, abandonedToday: 2, waiting: 3, talking: 1 });
  expect(await count('answered')).toBe(queue.answeredToday);
  expect(await count('abandoned')).toBe(queue.abandonedToday);
  expect(await count('waiting')).toBe(queue.waiting);
  expect(await count('talking')).toBe(queue.talking);
  const [counted, lateOnes] = [await count('counted'), await count('late')];
  expect([counted, lateOnes]).toEqual([7, 4]);
  expect(Math.round(((counted - lateOnes) / counted) * 1_000) / 10).toBe(queue.serviceLevelPercent);
  for (const show of ['answered', 'abandoned', 'waiting', 'talking', 'counted', 'late'] as const) {
    const { entries, count: said } = await list({ queueId: support, show });
    expect(entries).toHaveLength(said);
  }
  const waiting = (await list({ show: 'waiting' })).entries;
  expect(waiting[1]).toMatchObject({ callId: waitsLong, now: 'waiting', queueName: 'Support', outcome: null });
  expect((await list({ agentId: anna.agentId })).count).toBe(4);
  expect((await list({ digits: '0612' })).entries.map(({ outcome: one, caller }) => [one, caller.number])).toEqual([
    ['abandoned', '070-174 06 12'],
    ['abandoned', '070-174 06 12'],
    ['answered', '070-174 06 12']
  ]);
  expect((await list({ digits: '0613' })).count).toBe(0);
  expect((await list()).count).toBe(9);
  expect((await list({ range: 'week' })).count).toBe(10);
  // All are over before the next test.
  for (const { callId } of waiting) await hangUp(id.call(callId));
  await hangUp(talking);
  await engine.tell({ type: 'offer-ended', offerId: [...engine.engine.state.offer.keys()][0]!, cause: 'hung-up' });
});

async function board(): Promise<QueueView> {
  const web = await startLiveWeb(fixture, cell, () => nowMs);
  const page = await web.open(actor);
  page.send({ type: 'subscribe', topic: 'wallboard' });
  const frame = await page.frame((one) => one.type === 'snapshot');
  await web.close();
  const [queue] = ((frame as { view: unknown }).view as WallboardView).queues;
  if (!queue) throw new Error('no queue on the wallboard');
  return queue;
}

test('a call’s record tells who was offered it in which order and why, by name, and how it ended', async () => {
  later(3_600);
  await work(bo);
  later(60);
  const callId = await arrive('+46701740613');
  expect(ringing().agentId).toBe(anna.agentId);
  await engine.tell({ type: 'offer-ringing', offerId: ringing().id });
  later(4);
  await engine.tell({ type: 'offer-ended', offerId: ringing().id, cause: 'declined' });
  expect(ringing().agentId).toBe(bo.agentId);
  await toHistory();
  // Still on: told as far as it is known, and that it is not all.
  const half = await record(callId);
  expect(half).toMatchObject({ finishedMs: null, fromStart: true });
  expect(plain(half.lines.findLast((line) => !line.minor)!.text)).toBe('Offered to Bo Ek.');

  await answerAndEnd(callId, 61);
  // Gone since: the record says who it was.
  const gone = await fixture.operations.run(setUserActive, actor, { id: bo.agentId, active: false });
  expect(gone.ok).toBe(true);
  await toHistory();
  const whole = await record(callId);
  expect(whole).toMatchObject({
    finishedMs: expect.any(Number),
    fromStart: true,
    dialled: '08-465 004 12',
    queueName: 'Support',
    caller: { number: '070-174 06 13', withheld: false },
    visits: [{ queueName: 'Support', outcome: 'answered', waitedMs: 4_000, agentName: 'Bo Ek', talkedMs: 61_000 }]
  });
  const said = whole.lines.filter((line) => !line.minor).map((line) => plain(line.text));
  expect(said).toEqual([
    'The call came to 08-465 004 12, which leads to Support.',
    'Entered the queue Support.',
    'Offered to Anna Berg.',
    'Anna Berg declined.',
    'Offered to Bo Ek.',
    'Bo Ek answered.',
    'Bo Ek and the caller were connected after 0:04 in the queue.',
    'Bo Ek and the caller hear each other.',
    'The talk with Bo Ek is over after 1:01.',
    'The agent hung up.'
  ]);
  // Who declined, though another answered; the agent chosen with it is who did.
  const refused = async (filter: Partial<CallFilter>) => (await list(filter)).entries.map((entry) => entry.callId);
  expect(await refused({ show: 'declined' })).toEqual([callId]);
  expect(await refused({ show: 'declined', agentId: anna.agentId })).toEqual([callId]);
  expect(await refused({ show: 'declined', agentId: bo.agentId })).toEqual([]);
  expect(await refused({ show: 'missed' })).toEqual([]);
  const [first, second] = whole.lines.filter((line) => line.type === 'offered');
  expect(first?.more.map(plain)).toContain('First in order: has been free longest.');
  expect(first?.order?.agents.map(({ agent }) => plain([agent]))).toEqual(['Anna Berg', 'Bo Ek']);
  expect(first).toMatchObject({ setting: { queueId: support, part: 'sharing' }, settingOpens: true });
  expect(second?.more.map(plain)).toContain('Support distributes by: longest idle.');
  // Other calls' facts of the same minutes are not in it.
  expect(whole.lines.every((line) => line.atMs >= whole.arrivedMs)).toBe(true);
});

test('who may read: another organization finds nothing, an agent is refused, and rows are told newest first in pages', async () => {
  const [newest] = (await list()).entries;
  const theirs = await fixture.organization();
  await expect(record(newest!.callId, theirs)).rejects.toMatchObject({ code: 'not-found' });
  expect(await list({ range: 'week' }, null, theirs)).toMatchObject({ count: 0, entries: [] });
  const agent: Actor = { ...actor, role: 'agent' };
  await expect(record(newest!.callId, agent)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(list({}, null, agent)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await list({}, null, { ...actor, role: 'supervisor' })).count).toBeGreaterThan(0);

  for (let one = 0; one < callsPerPage; one += 1) {
    const callId = await arrive();
    await hangUp(callId);
    if (one % 3 === 0) later(1);
  }
  await toHistory();
  const seen: { atMs: number; id: string }[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({}, after);
    seen.push(...page.entries);
    after = page.next;
    pages += 1;
    expect(page.count).toBe(callsPerPage + 10);
  } while (after !== null);
  expect(pages).toBe(2);
  expect(new Set(seen.map((entry) => entry.id)).size).toBe(callsPerPage + 10);
  expect(seen.map((entry) => entry.atMs)).toEqual(seen.map((entry) => entry.atMs).toSorted((a, b) => b - a));
});
