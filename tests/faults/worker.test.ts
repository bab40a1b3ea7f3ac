import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { openBrowser, type TestBrowser } from '../support/browser.ts';
import { openDesk } from '../support/desk.ts';
import { allWell, freeze, replaced, standsIn } from '../support/processes.ts';
import { childPid, killChild } from '../support/stack.ts';
import { agentTone, allTones, callerTone, musicTone } from '../support/sounds.ts';
import { longestGapMs, toneTimeline } from '../support/tones.ts';
import { createWorld, type TestAgent, type TestQueue, type World } from '../support/world.ts';

/** What callers and agents notice when the worker dies, freezes, or does not come back (B8). */
let world: World;
let browser: TestBrowser;
let folder: string;
let says: string;
let number = 0;
/** What a browser that talks may lose to its own scheduling; a call that was broken loses seconds. */
const glitchMs = 120;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaxel-test-'));
  says = join(folder, 'caller');
  await writeTone(`${says}.wav`, callerTone, 90);
  await writeTone(join(folder, 'agent.wav'), agentTone, 90);
  world = await createWorld();
  browser = await openBrowser({ microphone: join(folder, 'agent.wav') });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(allWell);

const callerNumber = () => `+4670777${String((number += 1)).padStart(4, '0')}`;
const recording = (name: string) => join(folder, `${name}.wav`);

/** One call talks with a desk in Chromium, for the tones to be heard at the carrier. */
async function talking(queue: TestQueue, name: string, record: string) {
  const agent = await world.agent(name, [queue]);
  const desk = await openDesk(browser, world, agent);
  const call = await world.call(queue, { record, play: says });
  await desk.answer();
  const talk = await world.fact('talk-started', ({ agentId }) => agentId === agent.userId);
  return { agent, desk, call, talk };
}

/** On shift, and out of reach: the next worker finds a phone that has come back, and so who would have been offered. */
async function outOfReach(name: string, queue: TestQueue): Promise<TestAgent> {
  const agent = await world.agent(name, [queue]);
  const phone = await agent.start();
  await phone.stop();
  await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'unreachable');
  return agent;
}

async function waiting(queue: TestQueue, record: string) {
  const from = callerNumber();
  const call = await world.call(queue, { from, record });
  await call.answered;
  return { call, from };
}

/** From the first of a tone to `untilMs` before the recording's end. */
async function gapOf(file: string, hz: number, toMs?: number): Promise<number> {
  const spans = await toneTimeline(file, allTones);
  const first = spans.find((span) => span.hz === hz);
  if (!first) throw new Error(`${hz} Hz is not heard: ${JSON.stringify(spans)}`);
  const last = spans.findLast((span) => span.hz === hz);
  return longestGapMs(spans, hz, first.fromMs, toMs ?? last?.toMs ?? 0);
}

const entered = (queue: TestQueue) =>
  world.facts().filter((fact) => fact.type === 'visit-entered' && fact.queueId === queue.id);

test('killed: the talk has no gap, those waiting keep place and music, and are offered to who would have been', async () => {
  const queue = await world.queue();
  const { call, desk } = await talking(queue, 'Anna Tal', recording('killed-talk'));
  const first = await outOfReach('Bo Först', queue);
  const second = await outOfReach('Cia Sedan', queue);
  const one = await waiting(queue, recording('killed-one'));
  const two = await waiting(queue, recording('killed-two'));
  await world.fact('visit-entered', () => entered(queue).length === 3);
  const worker = await childPid('worker');
  await killChild('worker');
  const [phone, other] = await Promise.all([first.register(), second.register()]);
  const startedAt = await replaced('worker', worker);
  const [offered, next] = await Promise.all([phone.invitation(5_000), other.invitation(5_000)]);
  // Longest idle first, and the caller who has waited longest.
  expect([offered.caller, next.caller]).toEqual([one.from, two.from]);
  expect(offered.atMs - startedAt).toBeLessThan(2_000);
  console.info(`offered ${Math.round(offered.atMs - startedAt)} ms after the restart`);
  // Nobody came in again: the same three visits.
  expect(entered(queue)).toHaveLength(3);
  await desk.hangUp();
  await call.ended;
  for (const { call: left } of [one, two]) await left.hangUp();
  for (const { call: left } of [one, two]) await left.ended;
  expect(await gapOf(recording('killed-talk'), agentTone)).toBeLessThanOrEqual(glitchMs);
  for (const name of ['killed-one', 'killed-two'])
    expect(await gapOf(recording(name), musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('frozen: killed and replaced within 3 s; no call is lost, and one that comes meanwhile rings', async () => {
  const queue = await world.queue();
  const { call, desk } = await talking(queue, 'Disa Tal', recording('frozen-talk'));
  const one = await waiting(queue, recording('frozen-one'));
  await world.fact('visit-entered', () => entered(queue).length === 2);
  const worker = await childPid('worker');
  const frozenAt = performance.now();
  await freeze('worker');
  const from = callerNumber();
  const fresh = await world.call(queue, { from, record: recording('frozen-new') });
  const startedAt = await replaced('worker', worker);
  expect(startedAt - frozenAt).toBeLessThan(3_000);
  expect(await fresh.answered).toBe(true);
  const answeredAt = performance.now();
  console.info(
    `replaced ${Math.round(startedAt - frozenAt)} ms after the freeze, the new call answered ${Math.round(answeredAt - frozenAt)} ms after it`
  );
  await world.fact('visit-entered', () => entered(queue).length === 3);
  const agent = await world.agent('Eva Ledig', [queue]);
  const phone = await agent.start();
  const invitation = await phone.invitation();
  expect(invitation.caller).toBe(one.from);
  await desk.hangUp();
  await call.ended;
  await one.call.hangUp();
  await fresh.hangUp();
  const { steps } = await fresh.ended;
  await one.call.ended;
  // It rang at once: not in silence.
  expect(steps.find(({ code }) => code === 180)?.afterMs).toBeLessThan(500);
  expect(await gapOf(recording('frozen-talk'), agentTone)).toBeLessThanOrEqual(glitchMs);
  expect(await gapOf(recording('frozen-one'), musicTone)).toBeLessThanOrEqual(glitchMs);
  expect(await gapOf(recording('frozen-new'), musicTone)).toBeLessThanOrEqual(glitchMs);
});

test('gone for longer: those waiting hear music in the dialplan, a talk is left alone, and both are taken back', async () => {
  const queue = await world.queue();
  const { call, desk } = await talking(queue, 'Frida Tal', recording('gone-talk'));
  const agent = await outOfReach('Gun Ledig', queue);
  const one = await waiting(queue, recording('gone-one'));
  const two = await waiting(queue, recording('gone-two'));
  await world.fact('visit-entered', () => entered(queue).length === 3);
  // The next worker cannot lead: it waits for the store.
  const redis = await freeze('redis');
  try {
    await killChild('worker');
    await standsIn(one.from, 'fallback');
    await standsIn(two.from, 'fallback');
  } finally {
    redis.thaw();
  }
  const phone = await agent.register();
  const invitation = await phone.invitation(10_000);
  expect(invitation.caller).toBe(one.from);
  // The same visits: nobody has left, nobody has come in again.
  expect(entered(queue)).toHaveLength(3);
  expect(world.facts().filter((fact) => fact.type === 'visit-ended' && fact.queueId === queue.id)).toHaveLength(1);
  await desk.hangUp();
  await call.ended;
  for (const { call: left } of [one, two]) await left.hangUp();
  for (const { call: left } of [one, two]) await left.ended;
  expect(await gapOf(recording('gone-talk'), agentTone)).toBeLessThanOrEqual(glitchMs);
  for (const name of ['gone-one', 'gone-two']) expect(await gapOf(recording(name), musicTone)).toBeLessThanOrEqual(300);
});
