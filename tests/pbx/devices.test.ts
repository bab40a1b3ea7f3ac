import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceId } from '#lib/acd/ids.ts';
import type { Behaviour } from '../../pbx/carrier/telephones.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { startDeskPhone } from '../support/sip-rig/desk-phone.ts';
import { agentTone, allTones, announcementTones, callerTone, outsideTone } from '../support/sounds.ts';
import { heard, toneTimeline, untilHeard } from '../support/tones.ts';
import { createWorld, type QueueSettings, type TestAgent, type TestQueue, type World } from '../support/world.ts';

/** P16: the device that rings, on real Asterisk: mobiles of the public network, and a desk phone in SIP alone. */
let world: World;
let folder: string;
let says: string;
let speaks: string;
const pressOne = announcementTones['press-1']!.hz;

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'vaxel-devices-'));
  says = join(folder, 'mobile');
  speaks = join(folder, 'caller');
  await writeTone(`${says}.wav`, outsideTone, 30);
  await writeTone(`${speaks}.wav`, callerTone, 30);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** On shift, to be rung there. */
async function choose(agent: TestAgent, deviceId: DeviceId): Promise<void> {
  const reply = await agent.click({ type: 'start-shift', deviceId });
  if (!reply.ok) throw new Error(`the shift did not start: ${reply.code}`);
}
async function onMobile(name: string, behaviour: Behaviour, settings: QueueSettings = {}) {
  const telephone = await world.telephone({ answerAfterMs: 300, record: true, ...behaviour });
  const queue = await world.queue(settings);
  const agent = await world.agent(name, [queue]);
  const deviceId = await agent.mobile(telephone.number);
  await choose(agent, deviceId);
  return { telephone, queue, agent, deviceId };
}
const ofQueue =
  (queue: TestQueue) =>
  ({ queueId }: { queueId: string }) =>
    queueId === queue.id;
/** Whole seconds between two facts: a busy machine handles a deadline a little late. */
const after = (one: { atMs: number }, other: { atMs: number }) => Math.floor((other.atMs - one.atMs) / 1_000);
const ended = (queue: TestQueue, withinMs?: number) => world.fact('offer-ended', ofQueue(queue), withinMs);

describe('a mobile', () => {
  test('is asked for a 1 while the caller hears music, and joined by it; it is called from a number of ours', async () => {
    const { telephone, queue } = await onMobile('Nea Mobil', {});
    const record = join(folder, 'accepted.wav');
    const call = await world.call(queue, { record, play: speaks });
    const received = await telephone.next();
    expect(received.from).toBe(queue.number);
    await world.fact('offer-picked-up', () => true);
    await untilHeard(received.recording, pressOne);
    await received.press('5');
    await received.press('1');
    await world.fact('talk-started', ofQueue(queue));
    await received.say(says);
    await Promise.all([untilHeard(call.recording, outsideTone), untilHeard(received.recording, callerTone)]);
    await received.hangUp();
    expect((await call.ended).endedBy).toBe('called');
    expect(heard(await toneTimeline(record, allTones))).toEqual([300, outsideTone]);
    const asked = heard(await toneTimeline(received.recording, [pressOne, callerTone, 300]));
    expect([asked[0], asked.at(-1)]).toEqual([pressOne, callerTone]);
    expect(asked).not.toContain(300);
  });

  test('whose voicemail answers is a miss: the caller hears on, and the next agent is rung', async () => {
    const { queue, agent } = await onMobile('Ola Brevlåda', {}, { ringSeconds: 8 });
    const call = await world.call(queue);
    const picked = await world.fact('offer-picked-up', ({ agentId }) => agentId === agent.userId);
    const other = await world.agent('Pia Plats', [queue]);
    const phone = await other.start();
    const miss = await ended(queue, 15_000);
    expect(miss).toMatchObject({ agentId: agent.userId, outcome: 'missed', unansweredInRow: 1 });
    expect(after(picked, miss)).toBe(10);
    await (await phone.invitation()).answer();
    expect(await world.fact('talk-started', ofQueue(queue))).toMatchObject({ agentId: other.userId });
    await call.hangUp();
  });

  test('rings longer than the queue says, from its ringing on', async () => {
    const { queue, agent } = await onMobile(
      'Rut Ficka',
      { silentMs: 3_000, answerAfterMs: 25_000 },
      { ringSeconds: 5 }
    );
    const call = await world.call(queue);
    const ringing = await world.fact('offer-ringing', ({ agentId }) => agentId === agent.userId);
    const miss = await ended(queue, 15_000);
    expect(miss.outcome).toBe('missed');
    expect(after(ringing, miss)).toBe(10);
    await call.hangUp();
  });

  test.each([
    ['busy', 17, 'busy'],
    ['switched off', 20, 'unreachable'],
    ['refused by the network', 21, 'failed']
  ] as const)('that is %s is nobody’s miss or decline', async (_, refuse, cause) => {
    const { queue, agent } = await onMobile(`Siv ${cause}`, { refuse });
    const call = await world.call(queue);
    expect(await ended(queue)).toMatchObject({ outcome: 'failed', cause, unansweredInRow: 0 });
    if (cause === 'busy')
      await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.reason === 'busy-elsewhere');
    await call.hangUp();
  });

  test('whose caller has gone stops ringing', async () => {
    const { telephone, queue } = await onMobile('Tea Tyst', { answerAfterMs: 20_000 });
    const call = await world.call(queue);
    const received = await telephone.next();
    await world.fact('offer-ringing', () => true);
    await call.hangUp();
    expect(await received.ended).toBe(false);
    expect((await ended(queue)).outcome).toBe('withdrawn');
  });
});

describe('a desk phone', () => {
  test('registers with its account, rings, talks both ways and hangs up', async () => {
    const queue = await world.queue();
    const agent = await world.agent('Ulf Bord', [queue]);
    const { deviceId, ...account } = await agent.deskPhone();
    await choose(agent, deviceId);
    await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'unreachable');
    const phone = await startDeskPhone({ ...account, hz: agentTone });
    expect(phone.registered).toBe(true);
    await world.fact('agent-state', (fact) => fact.agentId === agent.userId && fact.state === 'free');
    const record = join(folder, 'desk-phone.wav');
    const call = await world.call(queue, { record, play: speaks });
    const ringing = await phone.next();
    ringing.answer();
    await world.fact('talk-started', ofQueue(queue));
    await untilHeard(call.recording, agentTone);
    ringing.hangUp();
    expect((await call.ended).endedBy).toBe('called');
    expect((await world.fact('talk-ended', ofQueue(queue))).endedBy).toBe('agent');
    phone.close();
  });

  test('is refused with a password that has been changed, and with none of its own any more', async () => {
    const agent = await world.agent('Vera Bord', []);
    const first = await agent.deskPhone();
    const second = await agent.deskPhone();
    expect(second.deviceId).toBe(first.deviceId);
    const refused = await startDeskPhone({ ...first, hz: agentTone });
    expect(refused.registered).toBe(false);
    const taken = await startDeskPhone({ ...second, hz: agentTone });
    expect(taken.registered).toBe(true);
    taken.close();
    await agent.dropDeskPhone();
    const gone = await startDeskPhone({ ...second, hz: agentTone });
    expect(gone.registered).toBe(false);
    for (const phone of [refused, gone]) phone.close();
  });
});

test('another device while it rings: it is taken back, and the other rings', async () => {
  const queue = await world.queue({ ringSeconds: 20 });
  const telephone = await world.telephone({ answerAfterMs: 300 });
  const agent = await world.agent('Ylva Byter', [queue]);
  const deviceId = await agent.mobile(telephone.number);
  const softphone = await agent.start();
  const call = await world.call(queue);
  const invitation = await softphone.invitation();
  await agent.click({ type: 'change-device', deviceId });
  await invitation.ended;
  const received = await telephone.next();
  expect(await ended(queue)).toMatchObject({ outcome: 'withdrawn', unansweredInRow: 0 });
  await world.fact('offer-picked-up', ({ agentId }) => agentId === agent.userId);
  await received.press('1');
  await world.fact('talk-started', ofQueue(queue));
  await call.hangUp();
  expect(await received.ended).toBe(true);
});
