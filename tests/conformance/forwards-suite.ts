import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { id, type CallId, type ForwardId } from '#lib/acd/ids.ts';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import type { AdapterSnapshot } from '#lib/server/pbx/port.ts';
import type { Harness } from './harness.ts';
import { createRecorder, type Recorder } from './recorder.ts';

const caller = { number: '+46701234567', name: null, withheld: false };

/** Legs to numbers outside, the same for every adapter. */
export function describeForwards(name: string, makeHarness: () => Promise<Harness>): void {
  describe(`${name}: a number outside`, () => {
    let harness: Harness;
    let recorder: Recorder;
    let made = 0;
    const calls = new Set<CallId>();
    const forwards = new Set<ForwardId>();

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
      for (const forwardId of forwards) await harness.pbx.execute({ type: 'hang-up-forward', forwardId });
      for (const callId of calls) await harness.pbx.execute({ type: 'hang-up-call', callId, reason: 'normal' });
      forwards.clear();
      calls.clear();
    });

    async function arrive() {
      const since = recorder.mark();
      const placed = await harness.call({ number: caller.number });
      const { callId } = await recorder.event('call-arrived', () => true, since);
      calls.add(callId);
      return { placed, callId };
    }
    async function dial(callId: CallId, to: string) {
      made += 1;
      const forwardId = id.forward(`fconformance-${Math.trunc(performance.timeOrigin)}-${made}`);
      forwards.add(forwardId);
      const command = {
        type: 'dial' as const,
        forwardId,
        callId,
        to,
        caller,
        showing: null,
        own: harness.number,
        trunk: plainTrunk
      };
      return { forwardId, result: await harness.pbx.execute({ ...command, ringSeconds: 20 }) };
    }
    const of = (forwardId: ForwardId) => (event: { forwardId: ForwardId }) => event.forwardId === forwardId;
    async function talking() {
      const call = await arrive();
      const outside = await harness.outside({ answerAfterMs: 100 });
      const { forwardId } = await dial(call.callId, outside.number);
      await recorder.event('forward-answered', of(forwardId));
      await harness.pbx.execute({ type: 'answer', callId: call.callId });
      const joined = await harness.pbx.execute({ type: 'connect-forward', callId: call.callId, forwardId });
      expect(joined).toEqual({ ok: true });
      return { ...call, outside, forwardId };
    }
    async function reconnect(): Promise<AdapterSnapshot> {
      const seen = recorder.connections();
      await harness.cutConnection();
      return recorder.snapshot(seen);
    }

    test('rings, while the caller is not answered; answers, and is joined with them; twice is once', async () => {
      const { callId, placed } = await arrive();
      const outside = await harness.outside({ answerAfterMs: 200 });
      const { forwardId, result } = await dial(callId, outside.number);
      expect(result).toEqual({ ok: true });
      await recorder.event('forward-ringing', of(forwardId));
      expect((await reconnect()).calls.find((one) => one.callId === callId)).toMatchObject({ answered: false });
      await recorder.event('forward-answered', of(forwardId));
      expect(await harness.pbx.execute({ type: 'answer', callId })).toEqual({ ok: true });
      await placed.answered();
      const join = { type: 'connect-forward' as const, callId, forwardId };
      expect(await harness.pbx.execute(join)).toEqual({ ok: true });
      expect(await harness.pbx.execute(join)).toEqual({ ok: true });
      const snapshot = await reconnect();
      expect(snapshot.forwards).toContainEqual({ forwardId, answered: true });
      expect(snapshot.connected).toContain(forwardId);
    });

    test('that hangs up leaves the caller to us', async () => {
      const { callId, forwardId, outside } = await talking();
      await outside.hangUp();
      expect(await recorder.event('forward-ended', of(forwardId))).toMatchObject({ cause: 'hung-up', code: null });
      expect(await harness.pbx.execute({ type: 'start-music', callId, music: null })).toEqual({ ok: true });
    });

    test('is left to us when the caller hangs up', async () => {
      const { callId, forwardId, placed } = await talking();
      await placed.hangUp();
      await recorder.event('call-ended', (event) => event.callId === callId);
      expect(await harness.pbx.execute({ type: 'hang-up-forward', forwardId })).toEqual({ ok: true });
      await recorder.event('forward-ended', of(forwardId));
    });

    test.each([
      [17, 'busy', 486],
      [21, 'declined', 403],
      [1, 'unreachable', 404]
    ] as const)('that refuses (%d) tells %s and %d', async (refuse, cause, code) => {
      const { callId } = await arrive();
      const outside = await harness.outside({ refuse });
      const { forwardId } = await dial(callId, outside.number);
      expect(await recorder.event('forward-ended', of(forwardId))).toMatchObject({ cause, code });
    });

    test('is taken back while it rings: no refusal of theirs; a second time it is not found', async () => {
      const { callId } = await arrive();
      const outside = await harness.outside({});
      const { forwardId } = await dial(callId, outside.number);
      await recorder.event('forward-ringing', of(forwardId));
      expect(await harness.pbx.execute({ type: 'hang-up-forward', forwardId })).toEqual({ ok: true });
      expect(await recorder.event('forward-ended', of(forwardId))).toMatchObject({ cause: 'cancelled', code: null });
      const again = await harness.pbx.execute({ type: 'hang-up-forward', forwardId });
      expect(again).toMatchObject({ ok: false, code: 'not-found' });
    });

    test('that is no number is refused', async () => {
      const { callId } = await arrive();
      expect((await dial(callId, '+46850009000&Local/1')).result).toMatchObject({ ok: false, code: 'refused' });
    });

    test('cannot be joined before it has answered', async () => {
      const { callId } = await arrive();
      const outside = await harness.outside({});
      const { forwardId } = await dial(callId, outside.number);
      await recorder.event('forward-ringing', of(forwardId));
      const joined = await harness.pbx.execute({ type: 'connect-forward', callId, forwardId });
      expect(joined.ok).toBe(false);
    });
  });
}
