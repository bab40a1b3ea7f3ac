import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import type { CallId, DeviceId, OfferId } from '#lib/acd/ids.ts';
import type { AdapterEvent, AdapterSnapshot, Pbx } from '#lib/server/pbx/port.ts';
import type { Harness, PlacedCall } from './harness.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';

const caller = { number: '+46701234567' };

/**
 * The behaviour of the port (`server/pbx/port.ts`), the same for every adapter. A surprise from Asterisk is first
 * written here as a case that fails on the simulated PBX.
 */
export function describePbx(name: string, makeHarness: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness;
    let pbx: Pbx;
    let recorder: Recorder;
    let made = 0;
    const legs: { calls: Set<CallId>; offers: Set<OfferId> } = { calls: new Set(), offers: new Set() };

    beforeAll(async () => {
      harness = await makeHarness();
      pbx = harness.pbx;
      recorder = createRecorder();
      await pbx.start(recorder.listener);
      await recorder.snapshot(0);
    });
    afterAll(async () => {
      await pbx.stop();
      await harness.close();
    });
    /** Nothing of one test is left for the next. */
    afterEach(async () => {
      for (const offerId of legs.offers) await pbx.execute({ type: 'hang-up-offer', offerId });
      for (const callId of legs.calls) await pbx.execute({ type: 'hang-up-call', callId, reason: 'normal' });
      legs.offers.clear();
      legs.calls.clear();
    });

    async function arrive(
      from: { number: string } | 'withheld' = caller
    ): Promise<{ placed: PlacedCall; callId: CallId; event: Of<'call-arrived'> }> {
      const since = recorder.mark();
      const placed = await harness.call(from);
      const event = await recorder.event('call-arrived', () => true, since);
      legs.calls.add(event.callId);
      return { placed, callId: event.callId, event };
    }

    async function answered() {
      const call = await arrive();
      expect(await pbx.execute({ type: 'answer', callId: call.callId })).toEqual({ ok: true });
      await call.placed.answered();
      return call;
    }

    async function ring(callId: CallId, deviceId: DeviceId, ringSeconds = 30) {
      made += 1;
      const offerId = id.offer(`oconformance-${Math.trunc(performance.timeOrigin)}-${made}`);
      legs.offers.add(offerId);
      const result = await pbx.execute({
        type: 'ring',
        offerId,
        callId,
        deviceId,
        caller: { ...caller, name: null, withheld: false },
        queueId: id.queue('queue'),
        queueName: 'Support',
        ringSeconds
      });
      return { offerId, result };
    }

    async function ringing(callId: CallId, deviceId: DeviceId): Promise<OfferId> {
      const { offerId, result } = await ring(callId, deviceId);
      expect(result).toEqual({ ok: true });
      await recorder.event('offer-ringing', (event) => event.offerId === offerId);
      return offerId;
    }

    async function talking() {
      const call = await answered();
      const offerId = await ringing(call.callId, harness.devices.anna);
      await harness.device(harness.devices.anna).answer();
      await recorder.event('offer-answered', (event) => event.offerId === offerId);
      expect(await pbx.execute({ type: 'connect', callId: call.callId, offerId })).toEqual({ ok: true });
      return { ...call, offerId };
    }

    function newPlay() {
      made += 1;
      return id.play(`pconformance-${Math.trunc(performance.timeOrigin)}-${made}`);
    }

    async function reconnect(): Promise<AdapterSnapshot> {
      const seen = recorder.connections();
      await harness.cutConnection();
      return recorder.snapshot(seen);
    }

    const ofCall = (callId: CallId) => (event: { callId: CallId }) => event.callId === callId;
    const ofOffer = (offerId: OfferId) => (event: { offerId: OfferId }) => event.offerId === offerId;

    describe('a call that comes', () => {
      test('tells the dialled number and the caller in E.164, and is not answered by itself', async () => {
        const { event, callId } = await arrive();
        expect(event).toMatchObject({ dialled: harness.number, caller: { number: caller.number, withheld: false } });
        const snapshot = await reconnect();
        expect(snapshot.calls.find(ofCall(callId))).toMatchObject({ answered: false, tag: null, playing: null });
      });

      test('with its number withheld tells none', async () => {
        const { event } = await arrive('withheld');
        expect(event.caller).toMatchObject({ number: null, name: null, withheld: true });
      });

      test('is answered on command, and again without harm', async () => {
        const { callId, placed } = await arrive();
        expect(await pbx.execute({ type: 'answer', callId })).toEqual({ ok: true });
        await placed.answered();
        expect(await pbx.execute({ type: 'answer', callId })).toEqual({ ok: true });
      });

      test.each([
        ['busy', 486],
        ['no-answer', 480]
      ] as const)('is refused before answer with %s', async (reason, status) => {
        const { callId, placed } = await arrive();
        expect(await pbx.execute({ type: 'hang-up-call', callId, reason })).toEqual({ ok: true });
        expect(await placed.ended()).toBe(status);
        await recorder.event('call-ended', ofCall(callId));
      });

      test('tells when the caller gives up before the answer', async () => {
        const { callId, placed } = await arrive();
        await placed.hangUp();
        await recorder.event('call-ended', ofCall(callId));
      });

      test('tells when the caller hangs up after it, and is not found then', async () => {
        const { callId, placed } = await answered();
        await placed.hangUp();
        await recorder.event('call-ended', ofCall(callId));
        expect(await pbx.execute({ type: 'answer', callId })).toMatchObject({ ok: false, code: 'not-found' });
        expect(await pbx.execute({ type: 'start-music', callId, music: null })).toMatchObject({
          ok: false,
          code: 'not-found'
        });
        expect(await pbx.execute({ type: 'tag', callId, value: '1' })).toMatchObject({ ok: false, code: 'not-found' });
        const again = await pbx.execute({ type: 'hang-up-call', callId, reason: 'normal' });
        expect(again).toMatchObject({ ok: false, code: 'not-found' });
        const play = {
          type: 'play' as const,
          callId,
          playId: newPlay(),
          media: [harness.media.short],
          language: 'en' as const
        };
        expect(await pbx.execute(play)).toMatchObject({ ok: false, code: 'not-found' });
      });

      test('is hung up on command', async () => {
        const { callId, placed } = await answered();
        expect(await pbx.execute({ type: 'hang-up-call', callId, reason: 'normal' })).toEqual({ ok: true });
        expect(await placed.ended()).toBe('bye');
        await recorder.event('call-ended', ofCall(callId));
      });
    });

    describe('what the caller hears', () => {
      const play = (callId: CallId, media: string) => ({
        type: 'play' as const,
        callId,
        playId: newPlay(),
        media: [media],
        language: 'en' as const
      });

      test('an announcement tells its end', async () => {
        const { callId } = await answered();
        const command = play(callId, harness.media.short);
        expect(await pbx.execute(command)).toEqual({ ok: true });
        const ended = await recorder.event('play-ended', (event) => event.playId === command.playId);
        expect(ended).toMatchObject({ callId, failed: false });
      });

      test('one that does not exist ends as failed', async () => {
        const { callId } = await answered();
        const command = play(callId, harness.media.missing);
        expect(await pbx.execute(command)).toEqual({ ok: true });
        const ended = await recorder.event('play-ended', (event) => event.playId === command.playId);
        expect(ended.failed).toBe(true);
      });

      test('one that is stopped ends at once', async () => {
        const { callId } = await answered();
        const command = play(callId, harness.media.long);
        await pbx.execute(command);
        const startedAt = performance.now();
        expect(await pbx.execute({ type: 'stop-play', callId, playId: command.playId })).toEqual({ ok: true });
        await recorder.event('play-ended', (event) => event.playId === command.playId);
        expect(performance.now() - startedAt).toBeLessThan(3_000);
      });

      test('the same one asked for twice plays once', async () => {
        const { callId } = await answered();
        const command = play(callId, harness.media.short);
        const since = recorder.mark();
        await pbx.execute(command);
        await pbx.execute(command);
        await recorder.event('play-ended', (event) => event.playId === command.playId);
        const after = play(callId, harness.media.short);
        await pbx.execute(after);
        await recorder.event('play-ended', (event) => event.playId === after.playId);
        const ends = recorder
          .since(since)
          .filter((event) => event.type === 'play-ended' && event.playId === command.playId);
        expect(ends).toHaveLength(1);
      });

      test('music starts, twice without harm, lets an announcement through, and stops', async () => {
        const { callId } = await answered();
        expect(await pbx.execute({ type: 'start-music', callId, music: null })).toEqual({ ok: true });
        expect(await pbx.execute({ type: 'start-music', callId, music: null })).toEqual({ ok: true });
        const command = play(callId, harness.media.short);
        expect(await pbx.execute(command)).toEqual({ ok: true });
        await recorder.event('play-ended', (event) => event.playId === command.playId);
        expect(await pbx.execute({ type: 'stop-music', callId })).toEqual({ ok: true });
      });

      test('an announcement that a call ends under is not told as heard', async () => {
        const { callId, placed } = await answered();
        await pbx.execute(play(callId, harness.media.long));
        const since = recorder.mark();
        await placed.hangUp();
        await recorder.event('call-ended', ofCall(callId));
        expect(recorder.since(since).filter((event) => event.type === 'play-ended')).toEqual([]);
      });
    });

    describe('an offer', () => {
      test('rings, is answered, and is joined to the caller', async () => {
        const { callId, offerId } = await talking();
        const snapshot = await reconnect();
        expect(snapshot.offers.find(ofOffer(offerId))).toMatchObject({ answered: true });
        expect(snapshot.connected).toContain(offerId);
        expect(snapshot.calls.find(ofCall(callId))).toMatchObject({ answered: true });
      });

      test('joined twice is joined', async () => {
        const { callId, offerId } = await talking();
        expect(await pbx.execute({ type: 'connect', callId, offerId })).toEqual({ ok: true });
      });

      test.each([
        ['decline', 'declined'],
        ['busy', 'busy']
      ] as const)('that the device meets with %s ends as %s', async (act, cause) => {
        const { callId } = await answered();
        const offerId = await ringing(callId, harness.devices.anna);
        await harness.device(harness.devices.anna)[act]();
        expect(await recorder.event('offer-ended', ofOffer(offerId))).toMatchObject({ cause });
      });

      test('that nobody takes ends by the PBX itself, well after the time it was given', async () => {
        const { callId } = await answered();
        const { offerId } = await ring(callId, harness.devices.anna, 1);
        const startedAt = performance.now();
        const ended = await recorder.event('offer-ended', ofOffer(offerId), 0, 12_000);
        expect(ended.cause).toBe('no-answer');
        expect(performance.now() - startedAt).toBeGreaterThan(4_000);
      });

      test('to a device without contact comes to nothing at once', async () => {
        const { callId } = await answered();
        const { offerId, result } = await ring(callId, harness.devices.nobody);
        if (result.ok) expect((await recorder.event('offer-ended', ofOffer(offerId))).cause).toBe('unreachable');
        else expect(['unavailable', 'refused', 'not-found']).toContain(result.code);
      });

      test.each(['answered-elsewhere', 'missed', 'withdrawn'] as const)(
        'is taken back (%s), and is not found then',
        async (reason) => {
          const { callId } = await answered();
          const offerId = await ringing(callId, harness.devices.anna);
          expect(await pbx.execute({ type: 'cancel-ring', offerId, reason })).toEqual({ ok: true });
          expect((await recorder.event('offer-ended', ofOffer(offerId))).cause).toBe('cancelled');
          expect(await pbx.execute({ type: 'cancel-ring', offerId, reason })).toMatchObject({
            ok: false,
            code: 'not-found'
          });
          expect(await pbx.execute({ type: 'hang-up-offer', offerId })).toMatchObject({ ok: false, code: 'not-found' });
          expect(await pbx.execute({ type: 'connect', callId, offerId })).toMatchObject({ ok: false });
        }
      );

      test('rings on when its caller goes, until it is taken back', async () => {
        const { callId, placed } = await answered();
        const offerId = await ringing(callId, harness.devices.anna);
        await placed.hangUp();
        await recorder.event('call-ended', ofCall(callId));
        expect(await pbx.execute({ type: 'cancel-ring', offerId, reason: 'withdrawn' })).toEqual({ ok: true });
        await recorder.event('offer-ended', ofOffer(offerId));
      });
    });

    describe('a talk', () => {
      test('that the agent ends leaves the caller to us', async () => {
        const { callId, offerId, placed } = await talking();
        await harness.device(harness.devices.anna).hangUp();
        expect((await recorder.event('offer-ended', ofOffer(offerId))).cause).toBe('hung-up');
        expect(await pbx.execute({ type: 'start-music', callId, music: null })).toEqual({ ok: true });
        expect(await pbx.execute({ type: 'hang-up-call', callId, reason: 'normal' })).toEqual({ ok: true });
        expect(await placed.ended()).toBe('bye');
      });

      test('lets the caller hear an announcement again while the agent’s leg is still up', async () => {
        const { callId } = await talking();
        const playId = newPlay();
        expect(await pbx.execute({ type: 'start-music', callId, music: null })).toEqual({ ok: true });
        const play = { type: 'play' as const, callId, playId, media: [harness.media.short], language: 'en' as const };
        expect(await pbx.execute(play)).toEqual({ ok: true });
        const ended = await recorder.event('play-ended', (event) => event.playId === playId);
        expect(ended.failed).toBe(false);
        expect((await reconnect()).connected).toEqual([]);
      });

      test('that the caller ends leaves the agent to us', async () => {
        const { callId, offerId, placed } = await talking();
        await placed.hangUp();
        await recorder.event('call-ended', ofCall(callId));
        expect(await pbx.execute({ type: 'hang-up-offer', offerId })).toEqual({ ok: true });
        await recorder.event('offer-ended', ofOffer(offerId));
      });

      test('whose agent goes lets the caller be joined to another', async () => {
        const { callId, offerId } = await talking();
        await harness.device(harness.devices.anna).hangUp();
        await recorder.event('offer-ended', ofOffer(offerId));
        const other = await ringing(callId, harness.devices.bo);
        await harness.device(harness.devices.bo).answer();
        await recorder.event('offer-answered', ofOffer(other));
        expect(await pbx.execute({ type: 'connect', callId, offerId: other })).toEqual({ ok: true });
      });

      test('tells hold and its end', async () => {
        const { offerId } = await talking();
        const device = harness.device(harness.devices.anna);
        await device.hold(true);
        await recorder.event('hold-changed', (event) => event.offerId === offerId && event.held);
        await device.hold(false);
        await recorder.event('hold-changed', (event) => event.offerId === offerId && !event.held);
      });
    });

    test('a caller who was sent to the dialplan comes back with the tag', async () => {
      const { callId, placed } = await answered();
      await pbx.execute({ type: 'tag', callId, value: '1|tag' });
      await pbx.execute({ type: 'start-music', callId, music: null });
      const since = recorder.mark();
      await harness.sendAway(callId);
      await recorder.event('call-ended', ofCall(callId), since);
      const back = await recorder.event('call-arrived', ofCall(callId), since);
      expect(back).toMatchObject({ tag: '1|tag', dialled: harness.number, caller: { number: caller.number } });
      expect(await pbx.execute({ type: 'start-music', callId, music: null })).toEqual({ ok: true });
      await placed.hangUp();
      await recorder.event('call-ended', ofCall(callId), since + 2);
    });

    describe('after a lost connection', () => {
      test('the snapshot has the callers who were in the dialplan meanwhile', async () => {
        const { callId } = await answered();
        await pbx.execute({ type: 'tag', callId, value: '1|tag' });
        const seen = recorder.connections();
        const since = recorder.mark();
        await harness.sendAway(callId);
        await recorder.event('call-ended', ofCall(callId), since);
        await harness.cutConnection();
        const snapshot = await recorder.snapshot(seen);
        expect(snapshot.calls.find(ofCall(callId))).toMatchObject({ answered: true, tag: '1|tag' });
      });

      test('the snapshot tells calls, tag, what plays, offers, and devices', async () => {
        const { callId } = await answered();
        await pbx.execute({ type: 'tag', callId, value: '1|tag' });
        const command = {
          type: 'play' as const,
          callId,
          playId: newPlay(),
          media: [harness.media.long],
          language: 'en' as const
        };
        await pbx.execute(command);
        const offerId = await ringing(callId, harness.devices.anna);
        const snapshot = await reconnect();
        // Where else a number may stand, and by which trunk it came, is told by a PBX that has headers and trunks.
        const { elsewhere: _elsewhere, trunk: _trunk, ...seen } = snapshot.calls.find(ofCall(callId))!;
        expect(seen).toEqual({
          callId,
          dialled: harness.number,
          caller: expect.objectContaining({ number: caller.number, withheld: false }) as unknown,
          answered: true,
          tag: '1|tag',
          playing: command.playId
        });
        expect(snapshot.offers.find(ofOffer(offerId))).toEqual({ offerId, answered: false });
        expect(snapshot.connected).not.toContain(offerId);
        expect(snapshot.devices).toContainEqual({ deviceId: harness.devices.anna, reachable: true });
        expect(snapshot.devices).not.toContainEqual({ deviceId: harness.devices.nobody, reachable: true });
        await harness.device(harness.devices.anna).answer();
        await recorder.event('offer-answered', ofOffer(offerId));
      });

      test('an offer that was answered meanwhile stands as answered', async () => {
        const { callId, offerId } = await talking();
        await reconnect();
        expect(await pbx.execute({ type: 'connect', callId, offerId })).toEqual({ ok: true });
      });
    });

    test('a device tells when its contact goes and comes back', async () => {
      const device = harness.device(harness.devices.bo);
      const since = recorder.mark();
      const of = (reachable: boolean) => (event: Of<'reachability-changed'>) =>
        event.deviceId === harness.devices.bo && event.reachable === reachable;
      await device.register(false);
      await recorder.event('reachability-changed', of(false), since);
      await device.register(true);
      await recorder.event('reachability-changed', of(true), since);
    });
  });
}

type Of<T extends AdapterEvent['type']> = Extract<AdapterEvent, { type: T }>;
