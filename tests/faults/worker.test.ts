import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFaultWorld, glitchMs, type FaultWorld } from '../support/fault-world.ts';
import { allWell, freeze, legsIn, replaced, standsIn, until } from '../support/processes.ts';
import { childPid, killChild } from '../support/stack.ts';
import { agentTone, musicTone, outsideTone } from '../support/sounds.ts';
import type { World } from '../support/world.ts';

/** What callers and agents notice when the worker dies, freezes, or does not come back (B8). */
let faults: FaultWorld;
let world: World;

beforeAll(async () => {
  faults = await createFaultWorld();
  ({ world } = faults);
});
afterAll(() => faults?.close());
beforeEach(allWell);

test('killed: the talk has no gap, those waiting keep place and music, and are offered to who would have been', async () => {
  const queue = await world.queue();
  const talk = await faults.talking(queue, 'Anna Tal');
  const first = await faults.outOfReach('Bo Först', queue);
  const second = await faults.outOfReach('Cia Sedan', queue);
  const one = await faults.waiting(queue, 'killed-one');
  const two = await faults.waiting(queue, 'killed-two');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 3);
  const worker = await childPid('worker');
  await killChild('worker');
  const [phone, other] = await Promise.all([first.register(), second.register()]);
  const startedAt = await replaced('worker', worker);
  const [offered, next] = await Promise.all([phone.invitation(5_000), other.invitation(5_000)]);
  console.info(`offered ${Math.round(offered.atMs - startedAt)} ms after the restart`);
  // Longest idle first, and the caller who has waited longest.
  expect([offered.caller, next.caller]).toEqual([one.from, two.from]);
  expect(offered.atMs - startedAt).toBeLessThan(2_000);
  // Nobody came in again: the same three visits.
  expect(faults.facts('visit-entered', queue)).toHaveLength(3);
  await talk.end();
  await one.hangUp();
  await two.hangUp();
  expect(await faults.gapOf('Anna Tal', agentTone)).toBeLessThanOrEqual(glitchMs);
  for (const name of ['killed-one', 'killed-two'])
    expect(await faults.gapOf(name, musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('frozen: killed and replaced within 3 s; no call is lost, and one that comes meanwhile rings', async () => {
  const queue = await world.queue();
  const talk = await faults.talking(queue, 'Disa Tal');
  const one = await faults.waiting(queue, 'frozen-one');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 2);
  const worker = await childPid('worker');
  const frozenAt = performance.now();
  await freeze('worker');
  const fresh = faults.waiting(queue, 'frozen-new');
  const startedAt = await replaced('worker', worker);
  const newcomer = await fresh;
  const answeredAt = performance.now();
  console.info(
    `replaced ${Math.round(startedAt - frozenAt)} ms after the freeze, the new call answered after ${Math.round(answeredAt - frozenAt)} ms`
  );
  expect(startedAt - frozenAt).toBeLessThan(3_000);
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 3);
  const agent = await world.agent('Eva Ledig', [queue]);
  const phone = await agent.start();
  expect((await phone.invitation()).caller).toBe(one.from);
  await talk.end();
  await one.hangUp();
  await newcomer.hangUp();
  // It rang at once: not in silence.
  const { steps } = await newcomer.call.ended;
  expect(steps.find(({ code }) => code === 180)?.afterMs).toBeLessThan(500);
  expect(await faults.gapOf('Disa Tal', agentTone)).toBeLessThanOrEqual(glitchMs);
  for (const name of ['frozen-one', 'frozen-new'])
    expect(await faults.gapOf(name, musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('gone for longer: those waiting hear music in the dialplan, a talk is left alone, and all are taken back', async () => {
  const queue = await world.queue();
  const talk = await faults.talking(queue, 'Frida Tal');
  const agent = await faults.outOfReach('Gun Ledig', queue);
  const one = await faults.waiting(queue, 'gone-one');
  const two = await faults.waiting(queue, 'gone-two');
  await world.fact('visit-entered', () => faults.facts('visit-entered', queue).length === 3);
  // The next worker cannot lead: it waits for the store.
  const redis = await freeze('redis');
  try {
    await killChild('worker');
    await Promise.all([standsIn(one.from, 'fallback'), standsIn(two.from, 'fallback')]);
  } finally {
    redis.thaw();
  }
  const phone = await agent.register();
  expect((await phone.invitation(10_000)).caller).toBe(one.from);
  // The same visits: nobody has left, nobody has come in again.
  expect(faults.facts('visit-entered', queue)).toHaveLength(3);
  expect(faults.facts('visit-ended', queue)).toHaveLength(1);
  await talk.end();
  await one.hangUp();
  await two.hangUp();
  expect(await faults.gapOf('Frida Tal', agentTone)).toBeLessThanOrEqual(glitchMs);
  // Into the dialplan and back: the music starts again each time.
  for (const name of ['gone-one', 'gone-two']) expect(await faults.gapOf(name, musicTone)).toBeLessThanOrEqual(300);
});

test('killed while a phone code is under way: the phone is hung up, and the code dialled again is obeyed', async () => {
  const agent = await world.agent('Hild Kod', [await world.queue()]);
  const phone = await agent.register();
  const first = phone.dial('*21');
  await until('the code in the application', 5_000, async () => (await legsIn('device-code')) || null);
  const worker = await childPid('worker');
  await killChild('worker');
  await replaced('worker', worker);
  await first.ended;
  expect(await legsIn('device-code')).toBe(0);
  expect(await phone.dial('*21').ended).toBe('answered');
  await world.fact('agent-state', ({ agentId, state }) => agentId === agent.userId && state === 'free');
});

test('killed while another number rings, and while one talks: both go on, and end for both sides', async () => {
  const says = await faults.saying('outside', outsideTone);
  const rings = await world.telephone({ answerAfterMs: 6_000, play: says });
  const talks = await world.telephone({ answerAfterMs: 100, play: says });
  const [queue, other] = await Promise.all(
    [rings, talks].map(({ number }) => world.queue({ closing: { nobodyTo: number, ringSeconds: 30 } }))
  );
  const talking = await faults.calling(other!, 'forward-talks');
  const spoken = await talks.next();
  await world.fact('forward-connected', ({ queueId }) => queueId === other!.id);
  await spoken.speaking;
  const ringing = await faults.calling(queue!, 'forward-rings');
  const rung = await rings.next();
  const worker = await childPid('worker');
  await killChild('worker');
  await replaced('worker', worker);
  await world.fact('forward-connected', ({ queueId }) => queueId === queue!.id, 15_000);
  await rung.speaking;
  expect(await ringing.call.answered).toBe(true);
  await rung.hangUp();
  await spoken.hangUp();
  expect((await ringing.call.ended).endedBy).toBe('called');
  expect((await talking.call.ended).endedBy).toBe('called');
  expect(await faults.gapOf('forward-talks', outsideTone)).toBeLessThanOrEqual(glitchMs);
});
