import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { id, type CallId, type OfferId } from '#lib/acd/ids.ts';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import type { AdapterSnapshot } from '#lib/server/pbx/port.ts';
import type { Harness } from './harness.ts';
import { createRecorder, type Recorder } from './recorder.ts';

const caller = { number: '+46701234567', name: null, withheld: false };

/** Agents' mobiles (P16), the same for every adapter: a leg outside that is an agent's once 1 has been pressed. */
export function describeMobiles(name: string, makeHarness: () => Promise<Harness>): void {
  describe(`${name}: an agent's mobile`, () => {
    let harness: Harness;
    let recorder: Recorder;
    let made = 0;
    const calls = new Set<CallId>();
    const offers = new Set<OfferId>();

    beforeAll(async () => {
      harness = await makeHarness();
      recorder = createRecorder();
      await harness.pbx.start(recorder.listener);
      await recorder.snapshot(0);
    });
    afterAll(async () => {
      await harness.pbx.stop();
      await harness.close();
    });
    afterEach(async () => {
      for (const offerId of offers) await harness.pbx.execute({ type: 'hang-up-offer', offerId });
      for (const callId of calls) await harness.pbx.execute({ type: 'hang-up-call', callId, reason: 'normal' });
      offers.clear();
      calls.clear();
    });

    async function waiting() {
      const since = recorder.mark();
      const placed = await harness.call({ number: caller.number });
      const { callId } = await recorder.event('call-arrived', () => true, since);
      calls.add(callId);
      expect(await harness.pbx.execute({ type: 'answer', callId })).toEqual({ ok: true });
      return { placed, callId };
    }
    async function ring(callId: CallId, to: string) {
      made += 1;
      const offerId = id.offer(`omobile-${Math.trunc(performance.timeOrigin)}-${made}`);
      offers.add(offerId);
      const result = await harness.pbx.execute({
        type: 'ring',
        offerId,
        callId,
        deviceId: id.device('mobile'),
        caller,
        queueId: id.queue('queue'),
        queueName: 'Support',
        ringSeconds: 20,
        mobile: { to, showing: harness.number, trunk: plainTrunk, language: 'sv' }
      });
      return { offerId, result };
    }
    const of = (offerId: OfferId) => (event: { offerId: OfferId }) => event.offerId === offerId;
    async function pickedUp() {
      const call = await waiting();
      const outside = await harness.outside({ answerAfterMs: 100 });
      const { offerId } = await ring(call.callId, outside.number);
      await recorder.event('offer-picked-up', of(offerId));
      return { ...call, outside, offerId };
    }
    async function reconnect(): Promise<AdapterSnapshot> {
      const seen = recorder.connections();
      await harness.cutConnection();
      return recorder.snapshot(seen);
    }
    const told = (offerId: OfferId) =>
      recorder.since(0).flatMap((event) => ('offerId' in event && event.offerId === offerId ? [event.type] : []));

    test('rings, is picked up, and is answered by a press of 1 and no other; then it is joined', async () => {
      const { callId } = await waiting();
      const outside = await harness.outside({ answerAfterMs: 200 });
      const { offerId, result } = await ring(callId, outside.number);
      expect(result).toEqual({ ok: true });
      await recorder.event('offer-ringing', of(offerId));
      await recorder.event('offer-picked-up', of(offerId));
      await outside.press('2');
      await outside.press('1');
      await recorder.event('offer-answered', of(offerId));
      expect(told(offerId)).toEqual(['offer-ringing', 'offer-picked-up', 'offer-answered']);
      expect(await harness.pbx.execute({ type: 'connect', callId, offerId })).toEqual({ ok: true });
      const snapshot = await reconnect();
      expect(snapshot.offers).toContainEqual({ offerId, answered: true });
      expect(snapshot.connected).toContain(offerId);
      await outside.hangUp();
      expect(await recorder.event('offer-ended', of(offerId))).toMatchObject({ cause: 'hung-up' });
    });

    test('picked up and not pressed is not answered, after a new connection either; 1 is heard then, too', async () => {
      const { callId, offerId, outside } = await pickedUp();
      const snapshot = await reconnect();
      expect(snapshot.offers).toContainEqual({ offerId, answered: false, pickedUp: true });
      await outside.press('1');
      await recorder.event('offer-answered', of(offerId));
      expect(await harness.pbx.execute({ type: 'connect', callId, offerId })).toEqual({ ok: true });
    });

    test('that hangs up without a press has not answered', async () => {
      const { offerId, outside } = await pickedUp();
      await outside.hangUp();
      expect(await recorder.event('offer-ended', of(offerId))).toMatchObject({ cause: 'no-answer' });
      expect(told(offerId)).not.toContain('offer-answered');
    });

    test.each(['missed', 'withdrawn'] as const)('is told to go after it was picked up: %s', async (reason) => {
      const { offerId } = await pickedUp();
      expect(await harness.pbx.execute({ type: 'cancel-ring', offerId, reason })).toEqual({ ok: true });
      expect(await recorder.event('offer-ended', of(offerId))).toMatchObject({ cause: 'cancelled' });
    });

    test('is told to go while it rings', async () => {
      const { callId } = await waiting();
      const outside = await harness.outside({});
      const { offerId } = await ring(callId, outside.number);
      await recorder.event('offer-ringing', of(offerId));
      expect(await harness.pbx.execute({ type: 'cancel-ring', offerId, reason: 'missed' })).toEqual({ ok: true });
      expect(await recorder.event('offer-ended', of(offerId))).toMatchObject({ cause: 'cancelled' });
    });

    test.each([
      [17, 'busy'],
      [21, 'failed'],
      [1, 'unreachable']
    ] as const)('that the network refuses (%d) tells %s: no decline of the agent', async (refuse, cause) => {
      const { callId } = await waiting();
      const outside = await harness.outside({ refuse });
      const { offerId } = await ring(callId, outside.number);
      expect(await recorder.event('offer-ended', of(offerId))).toMatchObject({ cause });
    });

    test('that is no number is refused', async () => {
      const { callId } = await waiting();
      const { result } = await ring(callId, '+46850009000&Local/1');
      expect(result).toMatchObject({ ok: false, code: 'refused' });
    });
  });
}
