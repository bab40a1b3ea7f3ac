import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { connect } from '#lib/server/db/index.ts';
import { id } from '#lib/acd/ids.ts';
import { readIntents } from '#lib/server/history/intents.ts';
import { writePlaces } from '#lib/server/history/places.ts';
import { env } from '../support/environment.ts';
import { createFaultWorld, glitchMs, type FaultWorld } from '../support/fault-world.ts';
import { allWell, freeze, healthSays, replaced, until } from '../support/processes.ts';
import { childPid, killChild, stackOfTest } from '../support/stack.ts';
import { agentTone, musicTone } from '../support/sounds.ts';
import type { TestAgent, TestQueue, World } from '../support/world.ts';

/** What callers and agents notice when Redis or Postgres is away (B8): nothing that they can hear. */
let faults: FaultWorld;
let world: World;

beforeAll(async () => {
  // The desk's page loses its live view while Redis is away, and says so.
  faults = await createFaultWorld([/WebSocket/, /50[0-9]/]);
  ({ world } = faults);
});
afterAll(() => faults?.close());
beforeEach(allWell);

test('Redis away, then killed: calls go on and new ones are taken; /health tells', async () => {
  const queue = await world.queue();
  // Before the talk: a page that opens costs the one that talks some of its sound.
  const notDurable = (await faults.wallboard()).getByText('Calls go on, but what happens').first();
  const talk = await faults.talking(queue, 'Hanna Tal');
  const one = await faults.waiting(queue, 'redis-one');
  const redis = await freeze('redis');
  let two;
  try {
    const shown = healthSays(({ components }) => !components.redis.ok);
    two = await faults.waiting(queue, 'redis-two');
    await shown;
    await notDurable.waitFor();
  } finally {
    redis.thaw();
  }
  await notDurable.waitFor({ state: 'detached' });
  // What was decided in memory has been stored after all, in order.
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 3);
  await allWell();
  const process = await childPid('redis');
  await killChild('redis');
  await replaced('redis', process);
  await allWell();
  const agent = await world.agent('Ivar Ledig', [queue]);
  const phone = await agent.start();
  expect((await phone.invitation()).caller).toBe(one.from);
  await talk.end();
  await one.hangUp();
  await two.hangUp();
  await world.fact('visit-ended', () => faults.facts('visit-ended', queue).length === 3);
  expect(await faults.gapOf('Hanna Tal', agentTone)).toBeLessThanOrEqual(glitchMs);
  for (const name of ['redis-one', 'redis-two'])
    expect(await faults.gapOf(name, musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('the worker killed while Redis is away, and Redis after it: the next one knows all that was decided, and it is told once', async () => {
  const queue = await world.queue();
  const one = await faults.waiting(queue, 'away-one');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 1);
  const [redis, worker] = [await childPid('redis'), await childPid('worker')];
  const journal = join(stackOfTest().data, 'worker', `cell-${env('VAXEL_CELL')}.journal`);
  const frozen = await freeze('redis');
  let two;
  try {
    // Answered: decided, and so in the worker's own file.
    two = await faults.waiting(queue, 'away-two');
    expect((await stat(journal)).size).toBeGreaterThan(0);
    await killChild('worker');
    await replaced('worker', worker);
    frozen.kill();
    await replaced('redis', redis);
  } finally {
    frozen.thaw();
  }
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 2);
  await allWell();
  expect((await stat(journal)).size).toBe(0);
  // Under the ids that the dead one gave, without a gap; nobody was adopted, nobody came in twice.
  const entered = faults.facts('visit-entered', queue);
  expect(entered.map(({ because }) => because)).toEqual(['call', 'call']);
  const [first, second] = await Promise.all(entered.map(({ visitId }) => idOf(visitId)));
  expect(second?.epoch).toBe(first?.epoch);
  const between = await idsOf(first?.epoch ?? 0);
  expect(between).toEqual(between.map((_, at) => (between[0] ?? 0) + at));
  const agent = await world.agent('Omar Ledig', [queue]);
  const phone = await agent.start();
  expect((await phone.invitation()).caller).toBe(one.from);
  await one.hangUp();
  await two.hangUp();
  for (const name of ['away-one', 'away-two'])
    expect(await faults.gapOf(name, musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('Redis emptied and the worker killed: callers keep their places and their talk, agents their shift', async () => {
  const [open, queue] = [await world.queue(), await world.queue({ keepPlaceSeconds: 300 })];
  const talk = await faults.talking(open, 'Jane Tal');
  const agent = await world.agent('Kim Paus', [queue]);
  const phone = await agent.start();
  await agent.click({ type: 'pause', reason: 'lunch' });
  const one = await faults.waiting(queue, 'emptied-one');
  const two = await faults.waiting(queue, 'emptied-two');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 2);
  await intentsKept([
    { agent: talk.agent, queue: open, paused: false },
    { agent, queue, paused: true }
  ]);
  // One hung up before, and is the first of all should they ring again (B11): as history keeps it.
  const [entered] = faults.facts('visit-entered', queue);
  const from = '+46707779999';
  await placeKept(queue, from, (entered?.queuedAtMs ?? 0) - 10_000);
  const worker = await childPid('worker');
  const redis = new Redis(env('VAXEL_REDIS'));
  await killChild('worker');
  await redis.flushall();
  redis.disconnect();
  await replaced('worker', worker);
  await healthSays((_, status) => status === 200);
  // Still on shift and paused: nobody was offered anything, and *Resume* is all it takes.
  expect(faults.facts('offered', queue)).toEqual([]);
  const again = await world.call(queue, { from });
  await world.fact('place-taken', ({ queueId }) => queueId === queue.id);
  expect(await agent.click({ type: 'resume' })).toMatchObject({ ok: true });
  const invitation = await phone.invitation();
  expect(invitation.caller).toBe(from);
  await invitation.reject(603);
  await again.hangUp();
  await talk.end();
  // The desk was not touched but for this hang-up: it rings with the next call.
  const next = await world.call(open);
  await talk.desk.answer();
  await world.fact('talk-started', ({ agentId, callId }) => {
    const first = faults.facts('talk-started', open)[0];
    return agentId === talk.agent.userId && callId !== first?.callId;
  });
  await next.hangUp();
  await next.ended;
  await one.hangUp();
  await two.hangUp();
  expect(await faults.gapOf('Jane Tal', agentTone)).toBeLessThanOrEqual(glitchMs);
  for (const name of ['emptied-one', 'emptied-two'])
    expect(await faults.gapOf(name, musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('Postgres killed: calls go on and new ones are taken; /health tells, and still says that calls can be taken', async () => {
  const queue = await world.queue();
  const agent = await world.agent('Lisa Ledig', [queue]);
  const phone = await agent.start();
  const process = await childPid('postgres');
  const shown = healthSays(({ components }, status) => !components.postgres.ok && status === 200);
  await killChild('postgres');
  const one = await faults.waiting(queue, 'postgres-one');
  const invitation = await phone.invitation();
  expect(invitation.caller).toBe(one.from);
  await invitation.answer();
  await world.fact('talk-started', ({ agentId }) => agentId === agent.userId);
  await shown;
  await one.hangUp();
  await invitation.ended;
  await replaced('postgres', process);
  await allWell();
});

test('a worker that starts while Postgres hangs has its configuration from the state, and leads at once', async () => {
  const queue = await world.queue();
  const agent = await faults.outOfReach('Mats Ledig', queue);
  const one = await faults.waiting(queue, 'hangs-one');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 1);
  const postgres = await freeze('postgres');
  try {
    const worker = await childPid('worker');
    await killChild('worker');
    const phone = await agent.register();
    const startedAt = await replaced('worker', worker);
    const invitation = await phone.invitation(10_000);
    console.info(`offered ${Math.round(invitation.atMs - startedAt)} ms after the restart`);
    expect(invitation.caller).toBe(one.from);
    expect(invitation.atMs - startedAt).toBeLessThan(4_000);
    const two = await faults.waiting(queue, 'hangs-two');
    await one.hangUp();
    await two.hangUp();
  } finally {
    postgres.thaw();
  }
});

test('P2: a temporary closing holds through a worker killed while Postgres hangs, and ends by itself at its time', async () => {
  const queue = await world.queue();
  const temporaryId = await world.temporary('Storm');
  const waiting = await faults.waiting(queue, 'closed-waiting');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 1);
  const untilMs = Date.now() + 12_000;
  await world.switchOn(temporaryId, untilMs);
  const postgres = await freeze('postgres');
  try {
    const worker = await childPid('worker');
    await killChild('worker');
    await replaced('worker', worker);
    expect(await (await faults.calling(queue, 'closed-one')).call.ended).toMatchObject({
      answered: false,
      sipCode: 486
    });
    expect(Date.now()).toBeLessThan(untilMs);
    await world.fact('call-finished', ({ outcome, reason }) => outcome === 'closed' && reason === 'temporary');
    // The engine's own deadline: nobody tells it.
    const reopened = (fact: { queueId: string; open: boolean; atMs: number }) =>
      fact.queueId === queue.id && fact.open && fact.atMs >= untilMs;
    await world.fact('hours-changed', reopened, 15_000);
    const after = await faults.waiting(queue, 'open-again');
    await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 2);
    // Those who waited when it closed have stayed, by its setting.
    expect(faults.facts('visit-ended', queue)).toEqual([]);
    await after.hangUp();
    await waiting.hangUp();
  } finally {
    postgres.thaw();
  }
});

/** Until Postgres has what each of them wants: within a second, as promised. */
async function intentsKept(wanted: { agent: TestAgent; queue: TestQueue; paused: boolean }[]): Promise<void> {
  const connection = connect(env('VAXEL_DATABASE'), { max: 1 });
  await until('the intents in Postgres', 1_000, async () => {
    const kept = await readIntents(connection.sql, Number(env('VAXEL_CELL')));
    const is = ({ agent, queue, paused }: (typeof wanted)[number]) =>
      kept.some(
        (one) =>
          one.agentId === agent.userId &&
          one.queueIds.join() === queue.id &&
          (one.paused?.reason === 'lunch') === paused
      );
    return wanted.every(is) || null;
  });
  await connection.close();
}

/** A place and whose it is, in Postgres: to be kept takes a wait of half a minute. */
async function placeKept(queue: TestQueue, number: string, rankMs: number): Promise<void> {
  const connection = connect(env('VAXEL_DATABASE'), { max: 1 });
  const organizationId = id.organization(world.organizationId);
  const caller = id.caller(`kept-${queue.id}`);
  const fact = { v: 1 as const, organizationId, atMs: Date.now(), visitId: id.visit('v'), queueId: id.queue(queue.id) };
  const place = { rankMs, untilMs: Date.now() + 300_000, strict: false, waitedMs: 40_000 };
  await connection.sql`insert into caller (organization_id, token, number) values (${organizationId}, ${caller}, ${number})`;
  await connection.sql.begin((sql) =>
    Promise.all(writePlaces(sql, Number(env('VAXEL_CELL')), [{ ...fact, type: 'place-kept', caller, ...place }]))
  );
  await connection.close();
}

/** All facts in the stream, with the ids they have there. */
async function stream(): Promise<{ epoch: number; n: number; fact: Fact }[]> {
  const redis = new Redis(env('VAXEL_REDIS'));
  const entries = await redis.xrange(cellKeys(Number(env('VAXEL_CELL'))).facts, '-', '+');
  redis.disconnect();
  return entries.map(([at, fields]) => {
    const [epoch = 0, n = 0] = at.split('-').map(Number);
    return { epoch, n, fact: JSON.parse(fields[1] ?? 'null') as Fact };
  });
}

/** Where a visit was told to have been entered. */
async function idOf(visitId: string) {
  const told = (await stream()).filter(({ fact }) => fact.type === 'visit-entered' && fact.visitId === visitId);
  expect(told).toHaveLength(1);
  return told[0];
}

const idsOf = async (epoch: number) => (await stream()).filter((one) => one.epoch === epoch).map(({ n }) => n);
