import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosingSettings } from '#lib/acd/configuration.ts';
import { withheldNumber } from '../../pbx/carrier/carrier.ts';
import type { Behaviour } from '../../pbx/carrier/telephones.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { allTones, outsideTone } from '../support/sounds.ts';
import { heard, toneTimeline, untilHeard } from '../support/tones.ts';
import { createWorld, type TestQueue, type World } from '../support/world.ts';

/** Closing by the queue's situation (P10), nobody there (P11) and forwards, on real Asterisk, seen from the network. */
let world: World;
let folder: string;
let says: string;

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'vaxel-test-'));
  says = join(folder, 'outside');
  await writeTone(`${says}.wav`, outsideTone, 30);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const answering = (more: Behaviour = {}): Behaviour => ({ answerAfterMs: 300, play: says, ...more });

/** A queue nobody is logged in to, and the telephone its callers are sent on to. */
async function forwarding(behaviour: Behaviour, closing: Partial<ClosingSettings> = {}) {
  const telephone = await world.telephone(behaviour);
  const queue = await world.queue({ closing: { nobodyTo: telephone.number, ringSeconds: 5, ...closing } });
  return { telephone, queue };
}
const endOf = (queue: TestQueue) => world.fact('forward-ended', ({ queueId }) => queueId === queue.id, 35_000);
const waitsIn = (queue: TestQueue) => world.fact('visit-entered', ({ queueId }) => queueId === queue.id, 35_000);

describe('P10: so many wait', () => {
  test('one more hears busy before answer, and comes in again when fewer wait', async () => {
    const queue = await world.queue({ closing: { waitingMost: 2, reopenAt: 0 } });
    const first = await world.call(queue);
    const second = await world.call(queue);
    expect(await first.answered).toBe(true);
    expect(await second.answered).toBe(true);
    await world.fact('situation-changed', ({ queueId, full }) => queueId === queue.id && full);
    const refused = await (await world.call(queue)).ended;
    expect(refused).toMatchObject({ answered: false, sipCode: 486 });
    await second.hangUp();
    await world.fact('visit-ended', ({ queueId }) => queueId === queue.id);
    // One waits still: it opens at none.
    expect(await (await world.call(queue)).ended).toMatchObject({ answered: false, sipCode: 486 });
    await first.hangUp();
    await world.fact('situation-changed', ({ queueId, full }) => queueId === queue.id && !full);
    const third = await world.call(queue);
    expect(await third.answered).toBe(true);
    const finished = world.facts().filter((fact) => fact.type === 'call-finished' && fact.reason === 'situation');
    expect(finished).toHaveLength(2);
    await third.hangUp();
  });

  test('a place is reserved while the welcome plays', async () => {
    const queue = await world.queue({ welcome: { media: 'long', mustBeHeard: true }, closing: { waitingMost: 1 } });
    const first = await world.call(queue);
    await first.answered;
    expect(await (await world.call(queue)).ended).toMatchObject({ answered: false, sipCode: 486 });
    await first.hangUp();
  });

  test('with another number: it rings there, and the caller is not answered before it is', async () => {
    const telephone = await world.telephone(answering({ answerAfterMs: 1_500 }));
    const queue = await world.queue({ closing: { waitingMost: 1, situationTo: telephone.number } });
    const first = await world.call(queue);
    await first.answered;
    const record = join(folder, 'situation.wav');
    const second = await world.call(queue, { from: '+46701740611', record });
    const received = await telephone.next();
    expect(received.from).toBe('+46701740611');
    expect(received.diversion).toContain(queue.number);
    expect(received.historyInfo).toContain(queue.number);
    expect(await second.answered).toBe(true);
    await world.fact('forward-connected', ({ queueId }) => queueId === queue.id);
    await untilHeard(second.recording, outsideTone);
    await received.hangUp();
    const report = await second.ended;
    expect(report.endedBy).toBe('called');
    const answeredAtMs = report.dialledAtMs + (report.steps.find(({ code }) => code === 200)?.afterMs ?? 0);
    expect(answeredAtMs).toBeGreaterThanOrEqual(received.answeredAtMs ?? Infinity);
    expect(heard(await toneTimeline(record, allTones))).toContain(outsideTone);
    expect(await endOf(queue)).toMatchObject({ outcome: 'connected', visitId: null });
    await first.hangUp();
  });
});

test('P4: closed is announced, and then the caller is sent on', async () => {
  const telephone = await world.telephone(answering());
  const queue = await world.queue({
    closed: { media: 'closed', mustBeHeard: false },
    scheduleId: await world.neverOpen(),
    closing: { closedTo: telephone.number }
  });
  const record = join(folder, 'closed.wav');
  const call = await world.call(queue, { record });
  const received = await telephone.next();
  await untilHeard(call.recording, outsideTone);
  await call.hangUp();
  await received.ended;
  await call.ended;
  const tones = heard(await toneTimeline(record, allTones));
  expect([tones[0], tones.at(-1)]).toEqual([600, outsideTone]);
});

describe('P11: nobody is there', () => {
  test('who waits is sent on when the last agent logs out, and hears music until it is answered', async () => {
    const telephone = await world.telephone(answering({ answerAfterMs: 2_000 }));
    const queue = await world.queue({ closing: { nobodyTo: telephone.number } });
    const agent = await world.agent('Lea Tolv', [queue]);
    await agent.start();
    await agent.click({ type: 'pause', reason: null });
    const record = join(folder, 'nobody.wav');
    const call = await world.call(queue, { record });
    await waitsIn(queue);
    await agent.click({ type: 'end-shift' });
    const received = await telephone.next();
    await world.fact('forward-connected', ({ queueId }) => queueId === queue.id);
    await untilHeard(call.recording, outsideTone);
    await call.hangUp();
    expect(await received.ended).toBe(true);
    await call.ended;
    const spans = await toneTimeline(record, allTones);
    expect(heard(spans), JSON.stringify(spans)).toEqual([300, outsideTone]);
    expect((await world.fact('visit-ended', ({ queueId }) => queueId === queue.id)).outcome).toBe('forwarded');
  });

  test('an agent who comes back and answers first has the caller; the other number stops ringing', async () => {
    const { telephone, queue } = await forwarding({}, { unanswered: 'return', ringSeconds: 30 });
    const agent = await world.agent('Mia Tretton', [queue]);
    const phone = await agent.start();
    await agent.click({ type: 'pause', reason: null });
    const call = await world.call(queue);
    await waitsIn(queue);
    await agent.click({ type: 'end-shift' });
    const received = await telephone.next();
    await phone.stop();
    await agent.start();
    await (await agent.phone!.invitation()).answer();
    expect(await received.ended).toBe(false);
    expect(await endOf(queue)).toMatchObject({ outcome: 'withdrawn' });
    await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    await call.hangUp();
  });

  test('none of those logged in can be reached: after the grace', async () => {
    const telephone = await world.telephone(answering());
    const queue = await world.queue({ closing: { unreachableTo: telephone.number, unreachableSeconds: 5 } });
    const agent = await world.agent('Nils Fjorton', [queue]);
    const phone = await agent.start();
    await phone.stop();
    const call = await world.call(queue);
    await waitsIn(queue);
    const entered = world.facts().findLast(({ type }) => type === 'visit-entered');
    const received = await telephone.next(15_000);
    expect(received.atMs - (entered?.atMs ?? 0)).toBeGreaterThan(2_000);
    await call.hangUp();
    await received.ended;
  });

  test('a number of one’s own leads into its queue', async () => {
    const there = await world.queue();
    const agent = await world.agent('Ola Femton', [there]);
    const phone = await agent.start();
    const queue = await world.queue({ closing: { nobodyTo: there.number } });
    const call = await world.call(queue);
    await (await phone.invitation()).answer();
    expect(await world.fact('call-moved', ({ queueId }) => queueId === queue.id)).toMatchObject({
      toQueueId: there.id
    });
    await world.fact('talk-started', ({ queueId }) => queueId === there.id);
    await call.hangUp();
  });
});

describe('whoever is called there', () => {
  test.concurrent('rings too long: the end, by setting, is busy without an answer', async () => {
    const { telephone, queue } = await forwarding({}, { unanswered: 'end' });
    const call = await world.call(queue);
    await telephone.next();
    expect(await call.ended).toMatchObject({ answered: false, sipCode: 486 });
    expect(await endOf(queue)).toMatchObject({ outcome: 'unanswered' });
  });

  test.concurrent('rings too long: by setting, the caller is told that it is closed', async () => {
    const telephone = await world.telephone({});
    const queue = await world.queue({
      closed: { media: 'closed', mustBeHeard: false },
      closing: { nobodyTo: telephone.number, ringSeconds: 5, unanswered: 'announce' }
    });
    const record = join(folder, 'announce.wav');
    const call = await world.call(queue, { record });
    expect(await call.ended).toMatchObject({ answered: true, endedBy: 'called' });
    expect(heard(await toneTimeline(record, allTones))).toEqual([600]);
  });

  test('takes no foreign numbers (403): once more with ours, and the next time at once', async () => {
    const telephone = await world.telephone(answering({ takesOnly: '+46846' }));
    const queue = await world.queue({ closing: { nobodyTo: telephone.number } });
    const first = await world.call(queue, { from: '+46701740613' });
    expect((await telephone.next()).from).toBe('+46701740613');
    const again = await telephone.next();
    expect(again.from).toBe(queue.number);
    expect(again.diversion).toContain(queue.number);
    expect(await first.answered).toBe(true);
    await first.hangUp();
    await again.ended;
    const second = await world.call(queue, { from: '+46701740614' });
    expect((await telephone.next()).from).toBe(queue.number);
    await second.hangUp();
    const started = world.facts().filter((fact) => fact.type === 'forward-started' && fact.queueId === queue.id);
    expect(started.map((fact) => 'showing' in fact && fact.showing)).toEqual(['caller', 'own', 'own']);
  });

  test('answers in the instant in which the caller hangs up: neither leg is left', async () => {
    const { telephone, queue } = await forwarding(answering({ answerAfterMs: 500 }));
    const call = await world.call(queue);
    const received = await telephone.next();
    await received.answering;
    await call.hangUp();
    await received.ended;
    await call.ended;
    await world.fact('call-finished', ({ callId }) => callId.length > 0);
    await endOf(queue);
  });

  test('E3: is not told a withheld number', async () => {
    const { telephone, queue } = await forwarding(answering());
    const call = await world.call(queue, { from: null });
    const received = await telephone.next();
    for (const told of [received.from, received.asserted, received.diversion, received.historyInfo])
      expect(told).not.toContain(withheldNumber.slice(3));
    await call.hangUp();
  });
});

describe('E7: what is stopped', () => {
  test('a call that has been forwarded too often on its way here', async () => {
    const { telephone, queue } = await forwarding(answering());
    const call = await world.call(queue, { diversions: 5 });
    const stopped = await world.fact('forward-stopped', ({ queueId }) => queueId === queue.id);
    expect(stopped.limit).toBe('loop');
    await waitsIn(queue);
    expect(telephone.received).toEqual([]);
    await call.hangUp();
  });

  test('the same caller, for the fourth time within a minute', async () => {
    const { telephone, queue } = await forwarding({ refuse: 17 });
    const from = '+46701740615';
    for (let n = 0; n < 3; n += 1) {
      const call = await world.call(queue, { from });
      await telephone.next();
      await call.answered;
      await call.hangUp();
      await call.ended;
    }
    const fourth = await world.call(queue, { from });
    const stopped = await world.fact('forward-stopped', ({ queueId }) => queueId === queue.id);
    expect(stopped.limit).toBe('again');
    expect(await fourth.answered).toBe(true);
    expect(telephone.received).toHaveLength(3);
    await fourth.hangUp();
  });
});
