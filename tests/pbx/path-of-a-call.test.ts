import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leastCalls } from '#lib/acd/pace.ts';
import { withheldNumber } from '../../pbx/carrier/carrier.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { env } from '../support/environment.ts';
import { allTones, callerTone, musicTone } from '../support/sounds.ts';
import { heard, toneTimeline, untilHeard } from '../support/tones.ts';
import { createWorld, type World } from '../support/world.ts';

/** The way of a call on real Asterisk: trunk → journey → queue → offer → answer → hang-up → wrap-up → next call. */
let world: World;
let folder: string;
let says: string;

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'vaxel-test-'));
  says = join(folder, 'caller');
  await writeTone(`${says}.wav`, callerTone, 60);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const played = (media: string, mustBeHeard = false) => ({ media, mustBeHeard });

describe('before and in the queue', () => {
  test('P5 P6 P7: the caller hears welcome, first announcement, music, the repeated one, and music again', async () => {
    const queue = await world.queue({
      welcome: played('welcome', true),
      first: played('first'),
      repeated: played('repeated'),
      repeatEverySeconds: 10
    });
    const record = join(folder, 'journey.wav');
    const call = await world.call(queue, { record });
    expect(await call.answered).toBe(true);
    await world.fact('announced', ({ announcement }) => announcement === 'repeated', 20_000);
    // Music comes back after it; then the caller leaves.
    await untilHeard(call.recording, musicTone);
    await call.hangUp();
    await call.ended;
    const spans = await toneTimeline(record, allTones);
    expect(heard(spans)).toEqual([700, 800, 300, 900, 300]);
    // Never silence: after the welcome begins, no second passes without a sound.
    const silent = spans.filter(({ hz, fromMs, toMs }) => hz === 0 && fromMs > 500 && toMs - fromMs > 1_000);
    expect(silent).toEqual([]);
    const ended = await world.fact('visit-ended', ({ queueId }) => queueId === queue.id);
    expect(ended.outcome).toBe('abandoned');
  });

  test('P4: closed is announced, then the call ends and has entered no queue', async () => {
    const queue = await world.queue({ closed: played('closed'), scheduleId: await world.neverOpen() });
    const record = join(folder, 'closed.wav');
    const call = await world.call(queue, { record });
    const report = await call.ended;
    expect(report).toMatchObject({ answered: true, endedBy: 'called' });
    expect(heard(await toneTimeline(record, allTones))).toEqual([600]);
    const arrived = await world.fact('call-arrived', ({ queueId }) => queueId === queue.id);
    const finished = await world.fact('call-finished', ({ callId }) => callId === arrived.callId);
    expect(finished).toMatchObject({ outcome: 'closed', reason: 'outside-hours' });
  });

  test('P4: by its reason it has an announcement of its own, or none and is busy', async () => {
    const scheduleId = await world.neverOpen();
    const closed = played('closed');
    const own = await world.queue({ closed, closedBy: { 'outside-hours': played('closed-temporary') }, scheduleId });
    const record = join(folder, 'closed-by.wav');
    expect(await (await world.call(own, { record })).ended).toMatchObject({ answered: true, endedBy: 'called' });
    expect(heard(await toneTimeline(record, allTones))).toEqual([640]);
    const silent = await world.queue({ closed, closedBy: { 'outside-hours': null }, scheduleId });
    expect(await (await world.call(silent)).ended).toMatchObject({ answered: false, sipCode: 486 });
  });

  test('P8: the place is heard after the first announcement, and again when it has become better', async () => {
    const queue = await world.queue({ first: played('first'), position: played('position'), positionMost: 2 });
    const ahead = await world.call(queue);
    await world.fact('visit-entered', ({ queueId }) => queueId === queue.id);
    const record = join(folder, 'place.wav');
    const call = await world.call(queue, { record });
    const second = await world.fact('announced', ({ place }) => place === 2);
    // Third: not said, as it is beyond the second.
    const third = await world.call(queue);
    await ahead.hangUp();
    const told = ({ visitId, place }: { visitId: string | null; place?: number }) =>
      visitId === second.visitId && place === 1;
    await world.fact('announced', told, 15_000);
    await call.hangUp();
    await third.hangUp();
    await call.ended;
    const spans = await toneTimeline(record, allTones);
    expect(heard(spans)).toEqual([800, 1900, 2300, 300, 1900, 2100]);
    expect(world.facts().filter((fact) => fact.type === 'announced' && fact.place === 3)).toEqual([]);
  });

  test('digits pressed during announcements neither stop nor break them', async () => {
    const queue = await world.queue({
      welcome: played('welcome', true),
      first: played('first', true),
      position: played('position'),
      repeated: played('repeated'),
      repeatEverySeconds: 10
    });
    const record = join(folder, 'digits.wav');
    const call = await world.call(queue, { record });
    await call.answered;
    const { callId } = await world.fact('call-arrived', ({ queueId }) => queueId === queue.id);
    const announced = (kind: string) =>
      world.fact('announced', (fact) => fact.callId === callId && fact.announcement === kind && !fact.failed, 20_000);
    for (const kind of ['welcome', 'first', 'position']) {
      await call.press('1#');
      await announced(kind);
    }
    await call.press('*0');
    await announced('repeated');
    await call.hangUp();
    await call.ended;
    const spans = await toneTimeline(record, allTones);
    expect(heard(spans)).toEqual([700, 800, 1900, 2100, 300, 900]);
    // Each as long as it is.
    for (const [hz, leastMs] of [
      [700, 900],
      [800, 900],
      [1900, 400],
      [2100, 200]
    ] as const)
      expect(
        Math.max(...spans.filter((span) => span.hz === hz).map((span) => span.toMs - span.fromMs))
      ).toBeGreaterThan(leastMs);
  });

  test('P9: the estimated waiting time is heard once enough calls have been answered, and not the same again', async () => {
    const queue = await world.queue({ waitingTime: played('waiting-time'), waitingTimeEverySeconds: 30 });
    const agent = await world.agent('Vera Vänt', [queue]);
    const phone = await agent.start();
    for (let n = 0; n < leastCalls; n += 1) {
      const served = await world.call(queue);
      const invitation = await phone.invitation();
      await invitation.answer();
      await world.fact('talk-started', ({ offerId }) => offerId === invitation.offerId);
      await served.hangUp();
      await invitation.ended;
    }
    const fromMs = Date.now();
    const ahead = await world.call(queue);
    await (await phone.invitation()).answer();
    await world.fact('talk-started', ({ agentId, atMs }) => agentId === agent.userId && atMs >= fromMs);
    const record = join(folder, 'wait.wav');
    const call = await world.call(queue, { record });
    const told = await world.fact('announced', ({ announcement }) => announcement === 'waiting-time');
    expect(told).toMatchObject({ failed: false, wait: { fromMinutes: 0, toMinutes: 1 } });
    const predicted = await world.fact('predicted', ({ visitId }) => visitId === told.visitId);
    expect(predicted).toMatchObject({ place: 1, agents: 1, by: 'handle' });
    await untilHeard(call.recording, musicTone);
    await call.hangUp();
    await call.ended;
    await ahead.hangUp();
    expect(heard(await toneTimeline(record, allTones))).toEqual([2700, 2900, 3100, 3300, 300]);
  }, 120_000);

  test('P4: closed without an announcement is busy, and never answered', async () => {
    const queue = await world.queue({ scheduleId: await world.neverOpen() });
    expect(await (await world.call(queue)).ended).toMatchObject({ answered: false, sipCode: 486 });
  });

  test('a number that leads nowhere is refused unanswered', async () => {
    const call = await world.call({ number: '+46846509998' });
    const report = await call.ended;
    expect(report).toMatchObject({ answered: false, sipCode: 480 });
  });
});

describe('an offer', () => {
  test('reaches the free agent with caller and queue, is answered, talked and wrapped up; the next call comes', async () => {
    const queue = await world.queue({ wrapUpSeconds: 2 });
    const agent = await world.agent('Anna Ett', [queue]);
    const phone = await agent.start();
    const call = await world.call(queue, { from: '+46701740612', play: says });
    const invitation = await phone.invitation();
    expect(invitation.caller).toBe('+46701740612');
    await invitation.answer();
    const talk = await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    expect(talk.offerId).toBe(invitation.offerId);
    expect(await call.answered).toBe(true);
    await invitation.hangUp();
    expect((await call.ended).endedBy).toBe('called');
    await world.fact('wrap-up-started', ({ agentId }) => agentId === agent.userId);
    const second = await world.call(queue);
    // P17: not before the wrap-up is over.
    const next = await phone.invitation(6_000);
    const over = await world.fact('wrap-up-ended', ({ agentId }) => agentId === agent.userId);
    expect(over.by).toBe('time');
    await next.answer();
    await second.hangUp();
    await next.ended;
  });

  test('goes to the one who has been idle longest (rule 6), and on to the next when declined (rule 5)', async () => {
    const queue = await world.queue();
    const first = await world.agent('Bo Två', [queue]);
    const second = await world.agent('Cia Tre', [queue]);
    const firstPhone = await first.start();
    const secondPhone = await second.start();
    const call = await world.call(queue);
    const declined = await firstPhone.invitation();
    await declined.reject(603);
    const taken = await secondPhone.invitation();
    const ended = await world.fact('offer-ended', ({ offerId }) => offerId === declined.offerId);
    expect(ended).toMatchObject({ outcome: 'declined', agentId: first.userId });
    await taken.answer();
    await world.fact('talk-started', ({ agentId }) => agentId === second.userId);
    await call.hangUp();
    await taken.ended;
  });

  test('not answered in time is a miss; the caller stays and the next agent rings (rule 5)', async () => {
    const queue = await world.queue({ ringSeconds: 5 });
    const first = await world.agent('Dan Fyra', [queue]);
    const second = await world.agent('Eva Fem', [queue]);
    const firstPhone = await first.start();
    const secondPhone = await second.start();
    const call = await world.call(queue);
    const ignored = await firstPhone.invitation();
    const taken = await secondPhone.invitation(10_000);
    expect((await world.fact('offer-ended', ({ offerId }) => offerId === ignored.offerId)).outcome).toBe('missed');
    // The next one rings first: somebody waits for that.
    await ignored.ended;
    await taken.answer();
    await world.fact('talk-started', ({ agentId }) => agentId === second.userId);
    await call.hangUp();
  });

  test('P18: so many unanswered in a row log the agent out', async () => {
    const queue = await world.queue({ ringSeconds: 5, logoutAfterUnanswered: 1 });
    const agent = await world.agent('Fia Sex', [queue]);
    const phone = await agent.start();
    const call = await world.call(queue);
    await phone.invitation();
    const out = await world.fact(
      'login-changed',
      ({ agentId, loggedIn }) => agentId === agent.userId && !loggedIn,
      10_000
    );
    expect(out.by).toBe('unanswered');
    await call.hangUp();
  });

  test('P26: a member added while a call waits is offered it', async () => {
    const queue = await world.queue();
    const other = await world.queue();
    const agent = await world.agent('Gun Sju', [other]);
    const phone = await agent.start();
    const call = await world.call(queue);
    await world.fact('visit-entered', ({ queueId }) => queueId === queue.id);
    await world.join(agent, queue);
    await (await phone.invitation()).answer();
    await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    await call.hangUp();
  });

  test('E3: a withheld number is nowhere: not on the device, in no fact, not in what Asterisk tells', async () => {
    const queue = await world.queue();
    const agent = await world.agent('Hans Åtta', [queue]);
    const phone = await agent.start();
    const call = await world.call(queue, { from: null });
    const invitation = await phone.invitation();
    expect(invitation.caller).toBe('anonymous');
    const arrived = await world.fact('call-arrived', ({ queueId }) => queueId === queue.id);
    expect(arrived).toMatchObject({ caller: null, withheld: true });
    const password = Buffer.from(`vaxel:${env('VAXEL_ARI_PASSWORD')}`).toString('base64');
    const channels = await fetch(`${env('VAXEL_ARI')}/ari/channels`, {
      headers: { authorization: `Basic ${password}` }
    });
    const told = await channels.text();
    expect(told).toContain(arrived.callId);
    expect(told).not.toContain(withheldNumber.slice(3));
    await invitation.answer();
    await call.hangUp();
  });
});

describe('the caller hangs up', () => {
  test('during the welcome: left before the queue', async () => {
    const queue = await world.queue({ welcome: played('welcome', true) });
    const call = await world.call(queue);
    await call.answered;
    await call.hangUp();
    const arrived = await world.fact('call-arrived', ({ queueId }) => queueId === queue.id);
    const finished = await world.fact('call-finished', ({ callId }) => callId === arrived.callId);
    expect(finished).toMatchObject({ outcome: 'left-before-queue', endedBy: 'caller' });
  });

  test('while it rings: the offer is withdrawn and the agent is free again', async () => {
    const queue = await world.queue();
    const agent = await world.agent('Ida Nio', [queue]);
    const phone = await agent.start();
    const call = await world.call(queue);
    const invitation = await phone.invitation();
    await call.hangUp();
    await invitation.ended;
    const ended = await world.fact('offer-ended', ({ offerId }) => offerId === invitation.offerId);
    expect(ended).toMatchObject({ outcome: 'withdrawn', unansweredInRow: 0 });
    expect((await world.fact('visit-ended', ({ queueId }) => queueId === queue.id)).outcome).toBe('abandoned');
  });

  test('at the instant of answer: nobody is left with a dead line', async () => {
    const queue = await world.queue();
    const agent = await world.agent('Jan Tio', [queue]);
    const phone = await agent.start();
    const call = await world.call(queue);
    const invitation = await phone.invitation();
    await Promise.all([invitation.answer(), call.hangUp()]);
    await invitation.ended;
    await world.fact('visit-ended', ({ queueId }) => queueId === queue.id);
    const next = await world.call(queue);
    await (await phone.invitation(8_000)).answer();
    await next.hangUp();
  });

  test('in the talk: the agent’s leg ends too', async () => {
    const queue = await world.queue();
    const agent = await world.agent('Kaj Elva', [queue]);
    const phone = await agent.start();
    const call = await world.call(queue);
    const invitation = await phone.invitation();
    await invitation.answer();
    await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    await call.hangUp();
    await invitation.ended;
    expect((await world.fact('talk-ended', ({ queueId }) => queueId === queue.id)).endedBy).toBe('caller');
  });
});
