import { id } from '#lib/acd/ids.ts';
import type { CallId, ForwardId, OfferId } from '#lib/acd/ids.ts';
import { systemClock } from '#lib/server/cell/clock.ts';
import { createSimulatedPbx } from '#lib/simulation/simulated-pbx.ts';
import type { Harness } from './harness.ts';
import { describeForwards } from './forwards-suite.ts';
import { describeCodes } from './codes-suite.ts';
import { describeMobiles } from './mobiles-suite.ts';
import { describePbx } from './suite.ts';

const lengthsMs: Record<string, number> = { short: 50, long: 10_000 };

function makeHarness(): Promise<Harness> {
  const ended = new Map<CallId, number | 'bye'>();
  const answeredOnce = new Set<CallId>();
  const outside = new Map<
    string,
    { behaviour: Parameters<Harness['outside']>[0]; forwardId: ForwardId | null; offerId: OfferId | null }
  >();
  const pbx = createSimulatedPbx({
    clock: systemClock,
    playMs: (media) => lengthsMs[media] ?? null,
    dialled(forwardId, to) {
      const entry = outside.get(to);
      if (!entry) return;
      entry.forwardId = forwardId;
      const { refuse, answerAfterMs } = entry.behaviour;
      systemClock.after(5, () => {
        if (refuse === 17) return void pbx.endForward(forwardId, 'busy', 486);
        if (refuse === 21) return void pbx.endForward(forwardId, 'declined', 403);
        if (refuse === 1) return void pbx.endForward(forwardId, 'unreachable', 404);
        pbx.ringForward(forwardId);
        if (answerAfterMs !== undefined) systemClock.after(answerAfterMs, () => pbx.answerForward(forwardId));
      });
    },
    rings(offerId) {
      const entry = outside.get(pbx.mobileOf(offerId) ?? '');
      if (!entry) return;
      entry.offerId = offerId;
      const { refuse, answerAfterMs } = entry.behaviour;
      if (refuse !== undefined) pbx.endOffer(offerId, refuse === 17 ? 'busy' : refuse === 1 ? 'unreachable' : 'failed');
      else if (answerAfterMs !== undefined) systemClock.after(answerAfterMs, () => pbx.answerOffer(offerId));
    },
    callGone(callId, refused) {
      ended.set(
        callId,
        answeredOnce.has(callId) ? 'bye' : refused === 'busy' ? 486 : refused === 'no-answer' ? 480 : 603
      );
    }
  });
  const adapter = pbx.adapter();
  const devices = { anna: id.device('anna'), bo: id.device('bo'), nobody: id.device('nobody') };
  pbx.register(devices.anna, true);
  pbx.register(devices.bo, true);

  return Promise.resolve({
    pbx: adapter,
    devices,
    number: '+46850001000',
    media: { short: 'short', long: 'long', missing: 'missing' },
    call(from) {
      const caller =
        from === 'withheld'
          ? { number: null, name: null, withheld: true }
          : { number: from.number, name: null, withheld: false };
      const callId = pbx.call('+46850001000', caller);
      return Promise.resolve({
        async answered() {
          await until(() => !['ringing', 'gone'].includes(pbx.heard(callId)));
          answeredOnce.add(callId);
        },
        hangUp: () => Promise.resolve(void pbx.endCall(callId, 'hung-up')),
        ended: () => until(() => ended.get(callId))
      });
    },
    device(deviceId) {
      const ringing = () => until(() => pbx.ringingOn(deviceId) ?? undefined);
      const talking = () => until(() => pbx.talkingOn(deviceId) ?? undefined);
      const act = async (find: () => Promise<OfferId>, does: (offerId: OfferId) => unknown) => void does(await find());
      return {
        answer: () => act(ringing, pbx.answerOffer),
        decline: () => act(ringing, (offerId) => pbx.endOffer(offerId, 'declined')),
        busy: () => act(ringing, (offerId) => pbx.endOffer(offerId, 'busy')),
        hangUp: () => act(talking, (offerId) => pbx.endOffer(offerId, 'hung-up')),
        hold: (held) => act(talking, (offerId) => pbx.hold(offerId, held)),
        dial: async (digits) => ((await pbx.dialCode(deviceId, digits)) === null ? 'unanswered' : 'answered'),
        register: (present) => Promise.resolve(pbx.register(deviceId, present))
      };
    },
    outside(behaviour) {
      const number = `+4685000999${outside.size + 1}`;
      const entry = { behaviour, forwardId: null as ForwardId | null, offerId: null as OfferId | null };
      outside.set(number, entry);
      return Promise.resolve({
        number,
        press: (digit) => Promise.resolve(void (digit === '1' && entry.offerId && pbx.pressOne(entry.offerId))),
        hangUp() {
          if (entry.forwardId) pbx.endForward(entry.forwardId, 'hung-up');
          if (entry.offerId) pbx.endOffer(entry.offerId, 'hung-up');
          return Promise.resolve();
        }
      });
    },
    sendAway: (callId) => Promise.resolve(pbx.sendAway(callId, 100)),
    cutConnection: () => Promise.resolve(adapter.cut()),
    close: () => Promise.resolve()
  });
}

async function until<T>(find: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('waited in vain');
}

describePbx('the simulated PBX', makeHarness);
describeForwards('the simulated PBX', makeHarness);
describeCodes('the simulated PBX', makeHarness);
describeMobiles('the simulated PBX', makeHarness);
