import { isDialable } from '#lib/acd/outgoing.ts';
import { assertNever } from '#lib/acd/assert-never.ts';
import type { CallId, DeviceId, ForwardId, OfferId, PlayId } from '#lib/acd/ids.ts';
import { id, isForwardId } from '#lib/acd/ids.ts';
import type { Clock, Timer } from '#lib/server/cell/clock.ts';
import type { CodeAnnouncement } from '#lib/phone-codes.ts';
import type {
  AdapterCommand,
  AdapterEvent,
  AdapterSnapshot,
  CallerIdentity,
  CommandResult,
  DeviceConfiguration,
  LegEnd,
  Pbx,
  PbxListener
} from '#lib/server/pbx/port.ts';

/** What goes wrong, asked at each event and command; nothing does unless told. */
export interface Faults {
  /** `late`: by so many ms, while others pass it. A lost event is made good by the snapshot of the next connection. */
  event(event: AdapterEvent): { type: 'none' | 'lost' | 'repeated' } | { type: 'late'; ms: number };
  /** `silent`: it takes effect, but its answer is a deadline. `refused`: it has none. */
  command(command: AdapterCommand): 'none' | 'silent' | 'refused';
}
const noFaults: Faults = { event: () => ({ type: 'none' }), command: () => 'none' };

/** From a command to its effect, from there to its answer, and of a ring to the device's ringing. */
export type Way = 'effect' | 'answer' | 'ringing';

export interface SimulatedPbxOptions {
  clock: Clock;
  faults?: Faults;
  latencyMs?: (command: AdapterCommand, way: Way) => number;
  /** null: there is no such announcement. */
  playMs?: (media: string) => number | null;
  /** For robots: a device begins to ring; an offer's leg is gone; a caller's leg is gone; two legs are joined. */
  rings?: (offerId: OfferId, deviceId: DeviceId, callId: CallId) => void;
  offerGone?: (offerId: OfferId, deviceId: DeviceId) => void;
  callGone?: (callId: CallId, refused: 'busy' | 'no-answer' | null) => void;
  joined?: (offerId: OfferId, callId: CallId) => void;
  /** An alternative number is dialled; it rings when `ringForward` says so. */
  dialled?: (forwardId: ForwardId, to: string, callId: CallId) => void;
}

interface Call {
  callId: CallId;
  dialled: string;
  caller: CallerIdentity;
  answered: boolean;
  tag: string | null;
  playing: { playId: PlayId; media: string; timer: Timer } | null;
  played: Set<PlayId>;
  music: boolean;
  talksWith: OfferId | ForwardId | null;
}
interface Offer {
  offerId: OfferId;
  deviceId: DeviceId;
  /** Of a mobile: its number; it may be picked up, and not yet answered by the press of 1. */
  mobile: string | null;
  pickedUp: boolean;
  answered: boolean;
  talksWith: CallId | null;
  ownEnd: Timer;
}

interface Forward {
  forwardId: ForwardId;
  to: string;
  answered: boolean;
  talksWith: CallId | null;
  ownEnd: Timer;
}

const outsideMarginMs = 20_000;
const ringMarginMs = 5_000;
const reconnectMs = 100;

export type SimulatedPbx = ReturnType<typeof createSimulatedPbx>;

/**
 * A PBX in memory with a network of callers and devices around it. It outlives the workers that connect: each gets an
 * adapter of its own, and the next one to connect replaces the one before, as in Asterisk.
 */
export function createSimulatedPbx(options: SimulatedPbxOptions) {
  const { clock } = options;
  let faults = options.faults ?? noFaults;
  const latencyMs = options.latencyMs ?? (() => 1);
  const playMs = options.playMs ?? (() => 3_000);
  const calls = new Map<CallId, Call>();
  const offers = new Map<OfferId, Offer>();
  const forwards = new Map<ForwardId, Forward>();
  const devices = new Map<DeviceId, { registered: boolean }>();
  /** Legs that have dialled a code, and what is to be told when they are gone: what they heard. */
  const codes = new Map<string, (heard: CodeAnnouncement | null) => void>();
  let listener: PbxListener | null = null;
  let made = 0;

  function emit(event: AdapterEvent): void {
    const fault = faults.event(event);
    const to = listener;
    if (!to || fault.type === 'lost') return;
    if (fault.type === 'late') {
      // Late, but never from one connection into the next.
      clock.after(fault.ms, () => listener === to && to.event(event));
      return;
    }
    to.event(event);
    if (fault.type === 'repeated') to.event(event);
  }

  // The network's side: callers and devices.

  function call(dialled: string, caller: CallerIdentity, callId = id.call(`c${(made += 1)}`)): CallId {
    const none = {
      answered: false,
      tag: null,
      playing: null,
      played: new Set<PlayId>(),
      music: false,
      talksWith: null
    };
    calls.set(callId, { callId, dialled, caller, ...none });
    emit({ type: 'call-arrived', callId, dialled, caller });
    return callId;
  }

  function endCall(callId: CallId, cause: LegEnd, refused: 'busy' | 'no-answer' | null = null): boolean {
    const ended = calls.get(callId);
    if (!ended) return false;
    calls.delete(callId);
    ended.playing?.timer.cancel();
    const partner = partnerOf(ended);
    if (partner) partner.talksWith = null;
    emit({ type: 'call-ended', callId, cause });
    options.callGone?.(callId, refused);
    return true;
  }

  /** Sent to the dialplan, as by the worker's parent: it leaves, and is back after `afterMs` with the tag it has. */
  function sendAway(callId: CallId, afterMs: number): void {
    const away = calls.get(callId);
    if (!away) return;
    away.playing?.timer.cancel();
    away.playing = null;
    calls.delete(callId);
    emit({ type: 'call-ended', callId, cause: 'hung-up' });
    clock.after(afterMs, () => {
      calls.set(callId, { ...away, music: true });
      const { dialled, caller, tag } = away;
      emit({ type: 'call-arrived', callId, dialled, caller, ...(tag === null ? {} : { tag }) });
    });
  }

  function endOffer(offerId: OfferId, cause: LegEnd): boolean {
    const ended = offers.get(offerId);
    if (!ended) return false;
    offers.delete(offerId);
    ended.ownEnd.cancel();
    const partner = ended.talksWith === null ? undefined : calls.get(ended.talksWith);
    if (partner) partner.talksWith = null;
    const unpressed = ended.pickedUp && !ended.answered && cause !== 'cancelled';
    emit({ type: 'offer-ended', offerId, cause: unpressed ? 'no-answer' : cause });
    options.offerGone?.(offerId, ended.deviceId);
    return true;
  }

  /** A mobile is picked up by it, and answered by `pressOne`. */
  function answerOffer(offerId: OfferId): boolean {
    const offer = offers.get(offerId);
    if (!offer || offer.answered || offer.pickedUp) return false;
    offer.ownEnd.cancel();
    if (offer.mobile !== null) offer.pickedUp = true;
    else offer.answered = true;
    emit({ type: offer.mobile === null ? 'offer-answered' : 'offer-picked-up', offerId });
    return true;
  }

  function pressOne(offerId: OfferId): boolean {
    const offer = offers.get(offerId);
    if (!offer?.pickedUp || offer.answered) return false;
    offer.answered = true;
    emit({ type: 'offer-answered', offerId });
    return true;
  }

  function partnerOf(call: Call): Offer | Forward | undefined {
    if (call.talksWith === null) return undefined;
    return isForwardId(call.talksWith) ? forwards.get(call.talksWith) : offers.get(call.talksWith);
  }

  // An alternative number's side.

  function ringForward(forwardId: ForwardId): void {
    if (forwards.has(forwardId)) emit({ type: 'forward-ringing', forwardId });
  }

  function answerForward(forwardId: ForwardId): void {
    const leg = forwards.get(forwardId);
    if (!leg || leg.answered) return;
    leg.answered = true;
    leg.ownEnd.cancel();
    emit({ type: 'forward-answered', forwardId });
  }

  function endForward(forwardId: ForwardId, cause: LegEnd, code: number | null = null): boolean {
    const ended = forwards.get(forwardId);
    if (!ended) return false;
    forwards.delete(forwardId);
    ended.ownEnd.cancel();
    const partner = ended.talksWith === null ? undefined : calls.get(ended.talksWith);
    if (partner) partner.talksWith = null;
    emit({ type: 'forward-ended', forwardId, cause, code });
    return true;
  }

  function dial(command: Extract<AdapterCommand, { type: 'dial' }>): CommandResult {
    const { forwardId, callId, to, ringSeconds } = command;
    if (!isDialable(to)) return refused('refused');
    if (forwards.has(forwardId)) return refused('conflict');
    const ownEnd = clock.after(ringSeconds * 1_000 + outsideMarginMs, () => endForward(forwardId, 'no-answer'));
    forwards.set(forwardId, { forwardId, to, answered: false, talksWith: null, ownEnd });
    options.dialled?.(forwardId, to, callId);
    return { ok: true };
  }

  function hold(offerId: OfferId, held: boolean): void {
    if (offers.get(offerId)?.answered) emit({ type: 'hold-changed', offerId, held });
  }

  function register(deviceId: DeviceId, registered: boolean): void {
    if (devices.get(deviceId)?.registered === registered) return;
    devices.set(deviceId, { registered });
    const reason = registered ? 'registered' : 'unregistered';
    emit({ type: 'reachability-changed', deviceId, reachable: registered, reason });
  }

  /** What comes of it: the announcement heard; null: none, as of what is no code. */
  function dialCode(deviceId: DeviceId, digits: string): Promise<CodeAnnouncement | null> {
    if (!devices.get(deviceId)?.registered || !/^\*\d{1,4}$/.test(digits)) return Promise.resolve(null);
    const codeId = `x${(made += 1)}`;
    return new Promise((resolve) => {
      codes.set(codeId, resolve);
      listener?.code({ codeId, deviceId, digits });
    });
  }

  function endCode(codeId: string, heard: CodeAnnouncement | null): CommandResult {
    const gone = codes.get(codeId);
    if (!gone) return refused('not-found');
    codes.delete(codeId);
    gone(heard);
    return { ok: true };
  }

  // What commands do.

  function stopPlay(of: Call, failed: boolean): void {
    if (!of.playing) return;
    const { playId, timer } = of.playing;
    timer.cancel();
    of.playing = null;
    emit({ type: 'play-ended', callId: of.callId, playId, failed });
  }

  /** What a caller is to hear of ours takes them out of the talk; the agent's leg stays up until it is ended. */
  function leaveTalk(of: Call): void {
    const partner = partnerOf(of);
    if (partner) partner.talksWith = null;
    of.talksWith = null;
  }

  function play(of: Call, playId: PlayId, media: string[]): void {
    // The adapter sees to it that a second play with the same id does not play again.
    if (of.played.has(playId)) return;
    of.played.add(playId);
    of.playing?.timer.cancel();
    const lengths = media.map(playMs);
    const failed = lengths.includes(null);
    const ms = failed ? 0 : lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0);
    const timer = clock.after(ms, () => of.playing?.playId === playId && stopPlay(of, failed));
    of.playing = { playId, media: media.join('+'), timer };
  }

  function ring(command: Extract<AdapterCommand, { type: 'ring' }>): CommandResult {
    const { offerId, callId, deviceId, ringSeconds } = command;
    const mobile = command.mobile?.to ?? null;
    if (mobile !== null && !isDialable(mobile)) return refused('refused');
    if (offers.has(offerId)) return refused('conflict');
    if (mobile === null && !devices.get(deviceId)?.registered) return refused('unavailable');
    const marginMs = mobile === null ? ringMarginMs : outsideMarginMs;
    const ownEnd = clock.after(ringSeconds * 1_000 + marginMs, () => endOffer(offerId, 'no-answer'));
    const none = { pickedUp: false, answered: false, talksWith: null };
    offers.set(offerId, { offerId, deviceId, mobile, ownEnd, ...none });
    clock.after(latencyMs(command, 'ringing'), () => {
      if (!offers.has(offerId)) return;
      emit({ type: 'offer-ringing', offerId });
      options.rings?.(offerId, deviceId, callId);
    });
    return { ok: true };
  }

  function connect(callId: CallId, legId: OfferId | ForwardId): CommandResult {
    const caller = calls.get(callId);
    const leg = isForwardId(legId) ? forwards.get(legId) : offers.get(legId);
    if (!caller || !leg) return refused('not-found');
    if (!leg.answered) return refused('conflict');
    if (caller.talksWith === legId) return { ok: true };
    stopPlay(caller, false);
    caller.music = false;
    caller.talksWith = legId;
    leg.talksWith = callId;
    if (!isForwardId(legId)) options.joined?.(legId, callId);
    return { ok: true };
  }

  function take(command: AdapterCommand): CommandResult {
    const of = 'callId' in command ? calls.get(command.callId) : undefined;
    switch (command.type) {
      case 'ring':
        return ring(command);
      case 'connect':
        return connect(command.callId, command.offerId);
      case 'dial':
        return dial(command);
      case 'connect-forward':
        return connect(command.callId, command.forwardId);
      case 'hang-up-forward':
        return endForward(command.forwardId, 'cancelled') ? { ok: true } : refused('not-found');
      case 'cancel-ring':
      case 'hang-up-offer':
        return endOffer(command.offerId, 'cancelled') ? { ok: true } : refused('not-found');
      case 'hang-up-call': {
        const reason = of?.answered || command.reason === 'normal' ? null : command.reason;
        return endCall(command.callId, 'cancelled', reason) ? { ok: true } : refused('not-found');
      }
      case 'answer':
        if (of) of.answered = true;
        break;
      case 'play':
        if (of) {
          leaveTalk(of);
          play(of, command.playId, command.media);
        }
        break;
      case 'stop-play':
        if (of?.playing?.playId !== command.playId) return refused('not-found');
        stopPlay(of, false);
        break;
      case 'start-music':
      case 'stop-music':
        if (of) {
          if (command.type === 'start-music') leaveTalk(of);
          of.music = command.type === 'start-music';
        }
        break;
      case 'tag':
        if (of) of.tag = command.value;
        break;
      default:
        return assertNever(command);
    }
    return of ? { ok: true } : refused('not-found');
  }

  function snapshot(): AdapterSnapshot {
    return {
      calls: [...calls.values()].map(({ callId, dialled, caller, answered, tag, playing }) => ({
        callId,
        dialled,
        caller,
        answered,
        tag,
        playing: playing?.playId ?? null
      })),
      offers: [...offers.values()].map(({ offerId, answered, pickedUp }) => ({
        offerId,
        answered,
        ...(pickedUp && !answered && { pickedUp })
      })),
      forwards: [...forwards.values()].map(({ forwardId, answered }) => ({ forwardId, answered })),
      connected: [
        ...[...offers.values()].filter((offer) => offer.talksWith !== null).map((offer) => offer.offerId),
        ...[...forwards.values()].filter((leg) => leg.talksWith !== null).map((leg) => leg.forwardId)
      ],
      devices: [...devices].map(([deviceId, { registered }]) => ({ deviceId, reachable: registered }))
    };
  }

  /** One worker's connection: made by `start`, broken by `cut`, made again by itself, ended by `stop` or by death. */
  function adapter(): Pbx & { cut(): void; die(): void } {
    let mine: PbxListener | null = null;
    let alive = true;
    /** Commands of one connection take effect in the order they were sent. */
    let lastEffectMs = 0;

    function connectNow(): void {
      if (!alive || !mine) return;
      const before = listener;
      listener = mine;
      if (before && before !== mine) before.replaced();
      for (const codeId of codes.keys()) endCode(codeId, null);
      mine.connected(snapshot());
    }

    function execute(command: AdapterCommand): Promise<CommandResult> {
      return new Promise((resolve) => {
        if (listener !== mine) return resolve(refused('unavailable'));
        const fault = faults.command(command);
        const atMs = Math.max(lastEffectMs, clock.elapsedMs() + latencyMs(command, 'effect'));
        lastEffectMs = atMs;
        clock.after(atMs - clock.elapsedMs(), () => {
          const result = fault === 'refused' ? refused('refused') : take(command);
          if (!alive) return; // it took effect; nobody hears of it
          clock.after(latencyMs(command, 'answer'), () => {
            if (!alive) return;
            resolve(listener !== mine ? refused('unavailable') : fault === 'silent' ? refused('deadline') : result);
          });
        });
      });
    }

    return {
      start(to) {
        mine = to;
        connectNow();
        return Promise.resolve();
      },
      stop() {
        alive = false;
        if (listener === mine) listener = null;
        return Promise.resolve();
      },
      execute,
      configureDevices(list: DeviceConfiguration[]) {
        for (const { deviceId } of list) if (!devices.has(deviceId)) devices.set(deviceId, { registered: false });
        return Promise.resolve({ ok: true });
      },
      // Any music will do here: it is heard by nobody.
      reloadMusic: () => Promise.resolve({ ok: true }),
      endCode: (codeId, says) =>
        Promise.resolve(listener === mine ? endCode(codeId, says?.media ?? null) : refused('unavailable')),
      cut() {
        if (listener !== mine || !mine) return;
        listener = null;
        mine.disconnected('cut');
        clock.after(reconnectMs, connectNow);
      },
      /** As by kill −9: what was sent takes effect, nothing is heard any more. */
      die() {
        alive = false;
        if (listener === mine) listener = null;
      }
    };
  }

  /** What a caller hears at this moment. */
  function heard(callId: CallId): string {
    const of = calls.get(callId);
    if (!of) return 'gone';
    if (!of.answered) return 'ringing';
    if (of.talksWith !== null && isForwardId(of.talksWith)) return `outside ${forwards.get(of.talksWith)?.to ?? ''}`;
    if (of.talksWith !== null) return `agent ${offers.get(of.talksWith)?.deviceId ?? ''}`;
    if (of.playing) return of.playing.media;
    return of.music ? 'music' : 'silence';
  }

  return {
    adapter,
    call,
    endCall,
    sendAway,
    endOffer,
    answerOffer,
    pressOne,
    ringForward,
    answerForward,
    endForward,
    hold,
    register,
    dialCode,
    heard,
    snapshot,
    /** null: none. */
    setFaults(next: Faults | null) {
      faults = next ?? noFaults;
    },
    /** Of callers, agents and others. */
    legs: () => calls.size + offers.size + forwards.size,
    /** Who is in a talk with this caller: one at most, if all is well. */
    partnersOf: (callId: CallId) =>
      [...offers.values(), ...forwards.values()].filter((leg) => leg.talksWith === callId).length,
    deviceOf: (offerId: OfferId) => offers.get(offerId)?.deviceId ?? null,
    /** The number of a mobile that an offer rings; null: a device that registers. */
    mobileOf: (offerId: OfferId) => offers.get(offerId)?.mobile ?? null,
    ringingOn: (deviceId: DeviceId) =>
      [...offers.values()].find((offer) => offer.deviceId === deviceId && !offer.answered)?.offerId ?? null,
    talkingOn: (deviceId: DeviceId) =>
      [...offers.values()].find((offer) => offer.deviceId === deviceId && offer.answered)?.offerId ?? null
  };
}

function refused(code: Extract<CommandResult, { ok: false }>['code']): CommandResult {
  return { ok: false, code, detail: 'simulated' };
}
