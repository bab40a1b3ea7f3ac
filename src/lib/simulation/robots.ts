import { devicesOf } from '#lib/acd/configuration.ts';
import type { AgentValue } from '#lib/acd/configuration.ts';
import type { Click } from '#lib/acd/events.ts';
import type { CallId, DeviceId, ForwardId, OfferId } from '#lib/acd/ids.ts';
import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import type { Random, Streams } from './random.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { World } from './world.ts';

export interface RobotsOptions {
  streams: Streams;
  clock: VirtualClock;
  world: World;
  store: MemoryStore;
  pbx: () => SimulatedPbx;
}

export type Robots = ReturnType<typeof createRobots>;

/**
 * Callers who ring, wait as long as they have patience, talk and hang up; agents who answer, decline, ignore, lose
 * their connection, pause and go home. `calm` turns them into people who only do their work, so that all must end well.
 */
export function createRobots({ streams, clock, world, store, pbx }: RobotsOptions) {
  let calm = false;
  let clicks = 0;
  const away = new Set<DeviceId>();

  function click(agent: AgentValue, one: Click): void {
    clicks += 1;
    store.send({ commandId: `click${clicks}`, agentId: agent.id, deadlineMs: 2_000, body: one });
  }

  function call(random: Random, callId: CallId): string {
    const number = random.chance(0.05) ? '+4699' : random.pick(world.numbers);
    const withheld = random.chance(0.2);
    const from = withheld ? null : `+4670${random.between(0, 30)}`;
    const patienceMs =
      random.weighted({ short: 1, long: 3 }) === 'short' ? random.between(0, 4_000) : random.between(5_000, 60_000);
    pbx().call(number, { number: from, name: null, withheld }, callId);
    clock.after(patienceMs, () => {
      if (!/^(agent|outside)/.test(pbx().heard(callId))) pbx().endCall(callId, 'hung-up');
    });
    return `${callId} from ${from ?? 'withheld'} to ${number}, patience ${patienceMs} ms`;
  }

  /** The device rings: what its agent does about it. */
  function rings(offerId: OfferId, deviceId: DeviceId, callId: CallId): void {
    const random = streams.next(`${deviceId} rings for ${callId}`);
    const soon = random.between(0, calm ? 1_000 : 4_000);
    const what = calm ? 'answer' : random.weighted({ answer: 75, decline: 8, ignore: 9, busy: 4, vanish: 4 });
    clock.after(soon, () => {
      if (what === 'answer') answer(offerId, random);
      else if (what === 'decline') pbx().endOffer(offerId, 'declined');
      else if (what === 'busy') pbx().endOffer(offerId, 'busy');
      else if (what === 'vanish') vanish(deviceId, random);
    });
  }

  /** On a mobile it takes a press of 1, which a voicemail and the absent-minded do not give. */
  function answer(offerId: OfferId, random: Random): void {
    pbx().answerOffer(offerId);
    if (pbx().mobileOf(offerId) === null) return;
    const what = calm ? 'press' : random.weighted({ press: 7, nothing: 2, 'hang-up': 1 });
    clock.after(random.between(500, 8_000), () => {
      if (what === 'press') pbx().pressOne(offerId);
      else if (what === 'hang-up') pbx().endOffer(offerId, 'hung-up');
    });
  }

  function joined(offerId: OfferId, callId: CallId): void {
    const random = streams.next(`${pbx().deviceOf(offerId)} talks to ${callId}`);
    const talkMs = random.between(0, 20_000);
    const what = random.weighted({ caller: 5, agent: 4, lost: calm ? 0 : 1, hold: 1 });
    clock.after(talkMs, () => {
      if (what === 'caller') pbx().endCall(callId, 'hung-up');
      else if (what === 'lost') {
        const device = pbx().deviceOf(offerId);
        if (device) vanish(device, random);
      } else pbx().endOffer(offerId, 'hung-up');
    });
    if (what === 'hold') clock.after(talkMs / 2, () => pbx().hold(offerId, true));
    // Whatever came between, nobody talks for ever.
    clock.after(talkMs + 30_000, () => pbx().endCall(callId, 'hung-up'));
  }

  /** An alternative number is dialled: what becomes of it out there. */
  function dialled(forwardId: ForwardId, to: string, callId: CallId): void {
    const random = streams.next(`${to} is dialled for ${callId}`);
    const what = random.weighted({ answer: 60, silent: 10, busy: 10, nobody: 10, foreign: 10 });
    const afterMs = random.between(0, 5_000);
    if (what === 'silent') return;
    clock.after(afterMs, () => {
      if (what === 'foreign') return void pbx().endForward(forwardId, 'declined', 403);
      if (what === 'nobody') return void pbx().endForward(forwardId, 'unreachable', 404);
      pbx().ringForward(forwardId);
      clock.after(random.between(0, 10_000), () => {
        if (what === 'busy') return void pbx().endForward(forwardId, 'busy', 486);
        pbx().answerForward(forwardId);
        const talkMs = random.between(0, 15_000);
        const byCaller = random.chance(0.5);
        clock.after(talkMs, () => {
          if (byCaller) pbx().endCall(callId, 'hung-up');
          else pbx().endForward(forwardId, 'hung-up');
        });
        clock.after(talkMs + 30_000, () => pbx().endForward(forwardId, 'hung-up'));
      });
    });
  }

  /** A laptop closes: its page and its contact are gone, and so is, some time later, its leg. */
  function vanish(deviceId: DeviceId, random: Random): void {
    const agent = world.agents.find((one) => one.deviceId === deviceId);
    if (!agent || away.has(deviceId)) return;
    away.add(deviceId);
    pbx().register(deviceId, false);
    click(agent, { type: 'page-gone', deviceId });
    clock.after(random.between(500, 6_000), () => {
      const leg = pbx().talkingOn(deviceId);
      if (leg && random.chance(0.5)) pbx().endOffer(leg, 'lost');
    });
    clock.after(random.between(1_000, 12_000), () => comeBack(agent));
  }

  function comeBack(agent: AgentValue): void {
    away.delete(agent.deviceId);
    pbx().register(agent.deviceId, true);
    click(agent, { type: 'page-back', deviceId: agent.deviceId });
  }

  function act(random: Random): string {
    const agent = random.pick(world.agents);
    const queueIds = world.queues.filter(() => random.chance(0.5)).map((queue) => queue.id);
    const what = random.weighted({
      'start-shift': 4,
      pause: 2,
      resume: 3,
      ready: 2,
      'more-time': 1,
      'log-in': 2,
      'log-out': 1,
      'end-shift': 1,
      'change-device': 2,
      vanish: 1
    });
    if (what === 'vanish') vanish(agent.deviceId, random);
    else click(agent, clickOf(what));
    return `${agent.id} ${what}`;

    function clickOf(type: Exclude<typeof what, 'vanish'>): Click {
      switch (type) {
        case 'start-shift':
          return { type, deviceId: agent.deviceId };
        case 'change-device':
          return { type, deviceId: random.pick(devicesOf(agent)).id };
        case 'pause':
          return { type, reason: random.chance(0.5) ? 'lunch' : null };
        case 'more-time':
          return { type, seconds: random.between(-1, 300) };
        case 'log-in':
          return { type, queueIds: random.chance(0.5) ? 'all' : queueIds };
        case 'log-out':
          return { type, queueIds: random.chance(0.3) ? 'all' : queueIds };
        default:
          return { type };
      }
    }
  }

  return {
    call,
    rings,
    joined,
    dialled,
    act,
    /** Everyone comes to work and works. */
    beCalm() {
      calm = true;
      for (const agent of world.agents) {
        comeBack(agent);
        click(agent, { type: 'start-shift', deviceId: agent.deviceId });
        click(agent, { type: 'resume' });
        click(agent, { type: 'log-in', queueIds: 'all' });
      }
    },
    comeToWork(agent: AgentValue): string {
      pbx().register(agent.deviceId, true);
      click(agent, { type: 'start-shift', deviceId: agent.deviceId });
      return agent.id;
    }
  };
}
