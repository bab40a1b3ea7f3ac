import { assertNever } from '#lib/acd/assert-never.ts';
import { id, type CallId, type OfferId } from '#lib/acd/ids.ts';
import type { AdapterCommand, AdapterEvent, CommandResult, DeviceConfiguration, Pbx, PbxListener } from '../port.ts';
import { commandDeadlineMs } from '../port.ts';
import { toE164 } from '../numbers.ts';
import { connectAri, type AriAnswer, type AriClient } from './ari-client.ts';
import type { AriEvent, Channel } from './ari-types.ts';
import { afterAnswer, beforeAnswer } from './causes.ts';
import { putDevice, removeDevice, type AriRequest } from './devices.ts';
import { watchReachability, type ReachabilityWatch } from './reachability.ts';
import { fallback } from './fallback.ts';
import { identityOf } from './identity.ts';
import { takeSnapshot } from './snapshot.ts';

export interface AsteriskOptions {
  /** `http://127.0.0.1:PORT` of Asterisk's HTTP server. */
  ari: string;
  ariPassword: string;
  /** `host:port` */
  ami: string;
  amiPassword: string;
  /** Folder with one folder of announcements per language. */
  announcements: string;
  /** The Stasis application; another name lets tests run beside a worker. */
  app?: string;
  log?: (level: 'info' | 'warn', text: string) => void;
}

const reconnectMostMs = 2_000;
/** The dialplan tries again each second: so long after us all who were sent there are back. */
const returnWithinMs = 1_500;
/** The PBX's own end of a ring comes so much after the engine's: a net, should the engine be gone. */
const ringMarginSeconds = 5;
const bridgeOf = (offerId: string) => `talk-${offerId}`;

/** The real PBX behind the port: a stateless translation to ARI, but for which legs are answered or were cancelled by us. */
export function createAsteriskPbx(options: AsteriskOptions): Pbx {
  const app = options.app ?? 'vaxel';
  const log = options.log ?? (() => undefined);
  const answeredOffers = new Set<string>();
  const cancelledOffers = new Set<string>();
  /** A device that says 480 after it rang did not answer; one that never rang is not there. Asterisk's own timeout looks the same. */
  const rangOffers = new Set<string>();
  /** What each caller hears from us now, so that `connect` can stop it. */
  const playing = new Map<string, string>();
  /** Callers whose music is on: an announcement ends it in Asterisk, so it is started again after each. */
  const music = new Set<string>();
  /** Asterisk ends the playback of a caller who hangs up before it tells that they are gone: that end is not "heard". */
  const leaving = new Set<string>();
  /** Callers who are joined to an agent's leg: they hear nothing of ours until they are taken out of that bridge. */
  const talks = new Map<string, string>();
  let listener: PbxListener | null = null;
  let ari: AriClient | null = null;
  let watch: ReachabilityWatch | null = null;
  let stopped = false;
  let devices: DeviceConfiguration[] = [];
  let pushedTo: string | null = null;
  /** Events of a new connection wait until its snapshot has been given. */
  let held: AdapterEvent[] | null = null;
  let returning: Returning | null = null;

  const emit = (event: AdapterEvent) => {
    if (held) held.push(event);
    else listener?.event(event);
  };
  const request: AriRequest = (...args) =>
    ari?.request(...args) ?? Promise.resolve({ status: 0, body: 'not connected' });

  async function connectLoop(): Promise<void> {
    for (let waitMs = 100; !stopped; waitMs = Math.min(waitMs * 2, reconnectMostMs)) {
      try {
        await connectOnce();
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (/401|403/.test(reason)) throw error; // bad credentials do not heal
        log('warn', `no connection to Asterisk: ${reason}`);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  async function connectOnce(): Promise<void> {
    held = [];
    const client = await connectAri({
      url: options.ari,
      user: 'vaxel',
      password: options.ariPassword,
      app,
      requestDeadlineMs: commandDeadlineMs,
      event: take,
      closed(reason) {
        if (ari !== client) return;
        ari = null;
        if (stopped) return;
        listener?.disconnected(reason);
        reconnect();
      }
    });
    ari = client;
    try {
      await pushDevices();
      await allReturned(client);
      const { snapshot, joined } = await takeSnapshot(client, app, (await watch?.current()) ?? []);
      for (const { callId, offerId } of joined) talks.set(callId, offerId);
      answeredOffers.clear();
      for (const offer of snapshot.offers) if (offer.answered) answeredOffers.add(offer.offerId);
      for (const call of snapshot.calls) if (call.playing) playing.set(call.callId, call.playing);
      listener?.connected(snapshot);
      const waiting = held ?? [];
      held = null;
      for (const event of waiting) listener?.event(event);
    } catch (error) {
      ari = null;
      client.close();
      throw error;
    }
  }

  /**
   * Waiting callers whom the worker's parent has sent to the dialplan come back to an application that is there again.
   * The snapshot waits for them: without them it would say that they are gone, and they would lose their visit.
   */
  async function allReturned(client: AriClient): Promise<void> {
    const answer = await client.request('GET', 'channels');
    if (answer.status !== 200) return; // the snapshot asks again, and says so
    const away = (answer.body as Channel[]).filter(
      ({ dialplan }) => dialplan.context === fallback.context && dialplan.exten === fallback.waiting
    );
    if (away.length === 0) return;
    returning = createReturning(away.map((channel) => channel.id));
    for (const event of held ?? []) if (event.type === 'call-arrived') returning.take(event.callId);
    await returning.done;
    returning = null;
  }

  function reconnect(): void {
    connectLoop().catch((error: unknown) => log('warn', `gave up connecting to Asterisk: ${String(error)}`));
  }

  function take(event: AriEvent): void {
    switch (event.type) {
      case 'StasisStart':
        return event.args[0] === 'call'
          ? arrived(event.channel, event.args)
          : event.args[0] === 'offer'
            ? offerAnswered(event.channel)
            : undefined;
      case 'StasisEnd':
        if (isCaller(event.channel)) ended(event.channel);
        return;
      case 'ChannelStateChange':
        if (!isOffer(event.channel) || event.channel.state !== 'Ringing') return;
        rangOffers.add(event.channel.id);
        emit({ type: 'offer-ringing', offerId: id.offer(event.channel.id) });
        return;
      case 'ChannelDestroyed':
        if (isOffer(event.channel)) offerGone(event.channel, event.cause, event.tech_cause ?? null);
        return;
      case 'ChannelHangupRequest':
        if (isCaller(event.channel)) leaving.add(event.channel.id);
        return;
      case 'PlaybackFinished': {
        const callId = event.playback.target_uri.replace(/^channel:/, '');
        if (leaving.has(callId)) return;
        if (playing.get(callId) === event.playback.id) playing.delete(callId);
        if (music.has(callId) && !playing.has(callId)) void request('POST', `channels/${callId}/moh`);
        emit({
          type: 'play-ended',
          callId: id.call(callId),
          playId: id.play(event.playback.id),
          failed: event.playback.state === 'failed'
        });
        return;
      }
      case 'ChannelHold':
      case 'ChannelUnhold':
        if (isOffer(event.channel))
          emit({ type: 'hold-changed', offerId: id.offer(event.channel.id), held: event.type === 'ChannelHold' });
        return;
      case 'ApplicationReplaced':
        stopped = true;
        ari?.close();
        watch?.stop();
        listener?.replaced();
        return;
      default:
        return;
    }
  }

  /** Legs we make have ids of ours; a caller's leg has Asterisk's own. */
  const isOffer = (channel: Channel) => channel.id.startsWith('o');
  const isCaller = (channel: Channel) => !isOffer(channel);

  function arrived(channel: Channel, args: string[]): void {
    const dialled = args[1] ?? '';
    emit({
      type: 'call-arrived',
      callId: id.call(channel.id),
      dialled: toE164(dialled) ?? dialled,
      caller: identityOf(channel, args[2] ?? ''),
      ...(channel.channelvars?.VX ? { tag: channel.channelvars.VX } : {})
    });
    returning?.take(channel.id);
  }

  function ended(channel: Channel): void {
    playing.delete(channel.id);
    music.delete(channel.id);
    leaving.delete(channel.id);
    const offerId = talks.get(channel.id);
    if (offerId !== undefined) void request('DELETE', `bridges/${bridgeOf(offerId)}`);
    talks.delete(channel.id);
    emit({ type: 'call-ended', callId: id.call(channel.id), cause: 'hung-up' });
  }

  function offerAnswered(channel: Channel): void {
    answeredOffers.add(channel.id);
    emit({ type: 'offer-answered', offerId: id.offer(channel.id) });
  }

  function offerGone(channel: Channel, cause: number, techCause: number | null): void {
    const offerId = channel.id;
    const answered = answeredOffers.delete(offerId);
    const cancelled = cancelledOffers.delete(offerId);
    const rang = rangOffers.delete(offerId);
    // The caller may still be in it, and hears what comes next only once they are out (`leaveTalk`).
    const joined = [...talks.values()].includes(offerId);
    if (answered && !joined) void request('DELETE', `bridges/${bridgeOf(offerId)}`);
    emit({
      type: 'offer-ended',
      offerId: id.offer(offerId),
      cause: cancelled ? 'cancelled' : answered ? afterAnswer(cause) : beforeAnswer(cause, techCause, rang)
    });
  }

  async function pushDevices(): Promise<void> {
    const status = await request('GET', 'asterisk/info', { only: 'status' });
    const startup = (status.body as { status?: { startup_time?: string } } | null)?.status?.startup_time ?? null;
    if (startup === null) throw new Error('Asterisk does not say when it started');
    if (pushedTo === startup) return;
    // Asterisk started again: what was pushed to memory is gone.
    for (const device of devices) await putDevice(request, device);
    pushedTo = startup;
  }

  async function execute(command: AdapterCommand): Promise<CommandResult> {
    switch (command.type) {
      case 'answer':
        return result(await request('POST', `channels/${command.callId}/answer`));
      case 'play': {
        if (playing.get(command.callId) === command.playId) return { ok: true }; // a second play with the same id plays twice
        playing.set(command.callId, command.playId);
        await leaveTalk(command.callId);
        const media = command.media
          .map((name) => `sound:${options.announcements}/${command.language}/${name}`)
          .join(',');
        // The variable survives us: a snapshot can tell what plays.
        void request('POST', `channels/${command.callId}/variable`, { variable: 'VXPLAY', value: command.playId });
        return result(await request('POST', `channels/${command.callId}/play`, { media, playbackId: command.playId }));
      }
      case 'stop-play':
        return result(await request('DELETE', `playbacks/${command.playId}`));
      case 'start-music':
        music.add(command.callId);
        await leaveTalk(command.callId);
        return result(await request('POST', `channels/${command.callId}/moh`));
      case 'stop-music':
        music.delete(command.callId);
        return result(await request('DELETE', `channels/${command.callId}/moh`));
      case 'ring':
        return ring(command);
      case 'cancel-ring': {
        cancelledOffers.add(command.offerId);
        const reason =
          command.reason === 'answered-elsewhere'
            ? 'answered_elsewhere'
            : command.reason === 'missed'
              ? 'no_answer'
              : 'normal';
        return result(await request('DELETE', `channels/${command.offerId}`, { reason }));
      }
      case 'connect':
        return connect(command.callId, command.offerId);
      case 'hang-up-call': {
        const reason = command.reason === 'no-answer' ? 'no_answer' : command.reason;
        return result(await request('DELETE', `channels/${command.callId}`, { reason }));
      }
      case 'hang-up-offer':
        cancelledOffers.add(command.offerId);
        return result(await request('DELETE', `channels/${command.offerId}`));
      case 'tag':
        return result(
          await request('POST', `channels/${command.callId}/variable`, { variable: 'VX', value: command.value })
        );
      default:
        return assertNever(command);
    }
  }

  /**
   * Takes a caller out of a talk's bridge before they are to hear something of ours. Waited for: what is played while a
   * channel is on its way out of a bridge is cut off, and told as heard.
   */
  async function leaveTalk(callId: string): Promise<void> {
    const offerId = talks.get(callId);
    if (offerId === undefined) return;
    talks.delete(callId);
    await request('POST', `bridges/${bridgeOf(offerId)}/removeChannel`, { channel: callId });
    void request('DELETE', `bridges/${bridgeOf(offerId)}`);
  }

  async function ring(command: Extract<AdapterCommand, { type: 'ring' }>): Promise<CommandResult> {
    const { number, name } = command.caller;
    const answer = await request(
      'POST',
      'channels',
      {
        endpoint: `PJSIP/${command.deviceId}`,
        app,
        appArgs: `offer,${command.offerId}`,
        channelId: command.offerId,
        timeout: command.ringSeconds + ringMarginSeconds,
        callerId: `"${(name ?? command.queueName).replace(/["\\<>]/g, '')}" <${number ?? 'anonymous'}>`
      },
      {
        variables: {
          'PJSIP_HEADER(add,X-Vaxel-Offer)': command.offerId,
          'PJSIP_HEADER(add,X-Vaxel-Queue)': command.queueId
        }
      }
    );
    // No contact: Asterisk makes no channel and says 500 "Allocation failed".
    if (answer.status === 500) return { ok: false, code: 'unavailable', detail: 'the device has no contact' };
    return result(answer);
  }

  /** All requests go out at once: Asterisk carries those of one socket out in order. */
  async function connect(callId: CallId, offerId: OfferId): Promise<CommandResult> {
    const bridge = bridgeOf(offerId);
    const playId = playing.get(callId);
    music.delete(callId);
    talks.set(callId, offerId);
    const [made, , , joined] = await Promise.all([
      request('POST', `bridges/${bridge}`, { type: 'mixing', name: callId }),
      playId ? request('DELETE', `playbacks/${playId}`) : null,
      request('DELETE', `channels/${callId}/moh`),
      request('POST', `bridges/${bridge}/addChannel`, { channel: `${callId},${offerId}` })
    ]);
    if (made && !isGood(made) && made.status !== 409) return result(made);
    return result(joined);
  }

  return {
    async start(newListener) {
      listener = newListener;
      const [host = '127.0.0.1', port = '5038'] = options.ami.split(':');
      watch = watchReachability({
        host,
        port: Number(port),
        password: options.amiPassword,
        changed: (deviceId, reachable, reason) => emit({ type: 'reachability-changed', deviceId, reachable, reason }),
        problem: (reason) => log('warn', `AMI: ${reason}`)
      });
      await connectLoop();
    },
    async stop() {
      stopped = true;
      watch?.stop();
      ari?.close();
    },
    execute,
    async configureDevices(wanted) {
      const before = new Map(devices.map((device) => [device.deviceId, device]));
      devices = wanted;
      // Not connected: all of them are pushed when the connection stands.
      if (!ari) return { ok: false, code: 'unavailable', detail: 'not connected' };
      for (const device of wanted) {
        const known = before.get(device.deviceId);
        before.delete(device.deviceId);
        if (known && known.password === device.password && known.username === device.username) continue;
        const answer = await putDevice(request, device);
        if (!isGood(answer)) {
          devices = devices.filter((one) => one !== device); // tried again at the next call
          return result(answer);
        }
      }
      for (const device of before.values()) await removeDevice(request, device);
      return { ok: true };
    }
  };
}

interface Returning {
  take(channelId: string): void;
  done: Promise<void>;
}

/** Until all have been taken, or the time is over: one may have hung up meanwhile. */
function createReturning(channelIds: string[]): Returning {
  const left = new Set(channelIds);
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, returnWithinMs);
    finish = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return {
    done,
    take(channelId) {
      if (left.delete(channelId) && left.size === 0) finish();
    }
  };
}

const isGood = (answer: AriAnswer) => answer.status >= 200 && answer.status < 300;

function result(answer: AriAnswer): CommandResult {
  if (isGood(answer)) return { ok: true };
  const detail = `${answer.status} ${typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)}`;
  if (answer.status === 404) return { ok: false, code: 'not-found', detail };
  if (answer.status === 409 || answer.status === 412) return { ok: false, code: 'conflict', detail };
  if (answer.status === 0) return { ok: false, code: answer.body === 'no answer' ? 'deadline' : 'unavailable', detail };
  return { ok: false, code: 'refused', detail };
}
