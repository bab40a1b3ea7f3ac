import { assertNever } from '#lib/acd/assert-never.ts';
import { id, type CallId, type OfferId } from '#lib/acd/ids.ts';
import { toE164 } from '../numbers.ts';
import type { AdapterCommand, AdapterEvent, AdapterSnapshot, CommandResult } from '../port.ts';
import { isGood, result } from './answers.ts';
import type { AriEvent, Channel } from './ari-types.ts';
import { afterAnswer, beforeAnswer } from './causes.ts';
import type { AriRequest } from './devices.ts';
import { identityOf } from './identity.ts';

export interface LegsOptions {
  /** The Stasis application. */
  app: string;
  /** Folder with one folder of announcements per language. */
  announcements: string;
  request: AriRequest;
  emit: (event: AdapterEvent) => void;
}

/** The PBX's own end of a ring comes so much after the engine's: a net, should the engine be gone. */
const ringMarginSeconds = 5;
const bridgeOf = (offerId: string) => `talk-${offerId}`;

/** Legs we make have ids of ours; a caller's leg has Asterisk's own. */
const isOffer = (channel: Channel) => channel.id.startsWith('o');
const isCaller = (channel: Channel) => !isOffer(channel);

/** The events that `take` knows, and the one that ends us. */
export const heeded = [
  'StasisStart',
  'StasisEnd',
  'ChannelStateChange',
  'ChannelDestroyed',
  'ChannelHangupRequest',
  'PlaybackFinished',
  'ChannelHold',
  'ChannelUnhold',
  'ApplicationReplaced'
] as const satisfies AriEvent['type'][];

/**
 * Callers' and agents' legs: events of ARI into events of the port, commands into requests, and the little that must be
 * remembered between the two because Asterisk does not tell it again.
 */
export function createLegs({ app, announcements, request, emit }: LegsOptions) {
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

  /** What an event of ARI means for a leg; other events mean nothing here. */
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
      default:
        return;
    }
  }

  function arrived(channel: Channel, args: string[]): void {
    const dialled = args[1] ?? '';
    emit({
      type: 'call-arrived',
      callId: id.call(channel.id),
      dialled: toE164(dialled) ?? dialled,
      caller: identityOf(channel, args[2] ?? ''),
      ...(channel.channelvars?.VX ? { tag: channel.channelvars.VX } : {})
    });
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

  async function execute(command: AdapterCommand): Promise<CommandResult> {
    switch (command.type) {
      case 'answer':
        return result(await request('POST', `channels/${command.callId}/answer`));
      case 'play': {
        if (playing.get(command.callId) === command.playId) return { ok: true }; // a second play with the same id plays twice
        playing.set(command.callId, command.playId);
        await leaveTalk(command.callId);
        const media = command.media.map((name) => `sound:${announcements}/${command.language}/${name}`).join(',');
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
    take,
    execute,
    /** What a new connection has found. */
    restore(snapshot: AdapterSnapshot, joined: { callId: string; offerId: string }[]): void {
      for (const { callId, offerId } of joined) talks.set(callId, offerId);
      answeredOffers.clear();
      for (const offer of snapshot.offers) if (offer.answered) answeredOffers.add(offer.offerId);
      for (const call of snapshot.calls) if (call.playing) playing.set(call.callId, call.playing);
    }
  };
}
