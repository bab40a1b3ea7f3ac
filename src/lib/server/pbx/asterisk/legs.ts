import { assertNever } from '#lib/acd/assert-never.ts';
import { id, isForwardId, type CallId, type ForwardId, type OfferId, type SoundId } from '#lib/acd/ids.ts';
import { soundOf } from '#lib/sounds.ts';
import type { AdapterCommand, AdapterEvent, AdapterSnapshot, CommandResult } from '../port.ts';
import { isGood, result } from './answers.ts';
import type { AriEvent, Channel } from './ari-types.ts';
import { afterAnswer, beforeAnswer, refusedByNetwork } from './causes.ts';
import type { AriRequest } from './devices.ts';
import { dialString, diversions, presentation } from './dial.ts';
import { elsewhereOf, identityOf, trunkOf } from './identity.ts';
import { createMobiles } from './mobiles.ts';

export interface LegsOptions {
  /** The Stasis application. */
  app: string;
  /** Folder with one folder of announcements per language. */
  announcements: string;
  /** The same of the organizations' own. */
  sounds: string;
  request: AriRequest;
  emit: (event: AdapterEvent) => void;
}

/** The PBX's own end of a ring comes so much after the engine's: a net, should the engine be gone. */
const ringMarginSeconds = 5;
const bridgeOf = (legId: string) => `talk-${legId}`;
/** A call that has been forwarded so often on its way here is forwarded no more. */
const mostDiversions = 5;
/** As the engine gives a number to begin to ring; beyond both is a net, should the engine be gone. */
const outsideMarginSeconds = 20;

/** Legs we make have ids of ours; a caller's leg has Asterisk's own. */
const isOffer = (channel: Channel) => channel.id.startsWith('o');
const isForward = (channel: Channel) => isForwardId(channel.id);
const isCaller = (channel: Channel) => !isOffer(channel) && !isForward(channel);

/** The events that `take` knows, and the one that ends us. */
export const heeded = [
  'StasisStart',
  'StasisEnd',
  'ChannelStateChange',
  'ChannelDestroyed',
  'ChannelHangupRequest',
  'ChannelDtmfReceived',
  'PlaybackFinished',
  'ChannelHold',
  'ChannelUnhold',
  'ApplicationReplaced'
] as const satisfies AriEvent['type'][];

/**
 * Callers' and agents' legs: events of ARI into events of the port, commands into requests, and the little that must be
 * remembered between the two because Asterisk does not tell it again.
 */
export function createLegs({ app, announcements, sounds, request, emit }: LegsOptions) {
  const answered = new Set<string>();
  const cancelled = new Set<string>();
  /** A device that says 480 after it rang did not answer; one that never rang is not there. Asterisk's own timeout looks the same. */
  const rang = new Set<string>();
  /** What each caller hears from us now, so that `connect` can stop it. */
  const playing = new Map<string, string>();
  /** Callers whose music is on: an announcement ends it in Asterisk, so it is started again after each. */
  const music = new Map<string, SoundId | null>();
  /** Asterisk ends the playback of a caller who hangs up before it tells that they are gone: that end is not "heard". */
  const leaving = new Set<string>();
  /** Callers who are joined to an agent's or an outside leg: they hear nothing of ours until they are taken out of that bridge. */
  const talks = new Map<string, string>();

  const mobiles = createMobiles({ announcements, request, emit });

  /** What an event of ARI means for a leg; other events mean nothing here. */
  function take(event: AriEvent): void {
    switch (event.type) {
      case 'StasisStart':
        if (event.args[0] === 'call') return arrived(event.channel, event.args);
        if (event.args[0] === 'offer' || event.args[0] === 'forward') return legAnswered(event.channel, event.args);
        return;
      case 'StasisEnd':
        if (isCaller(event.channel)) ended(event.channel);
        return;
      case 'ChannelStateChange':
        if (isCaller(event.channel) || event.channel.state !== 'Ringing') return;
        rang.add(event.channel.id);
        if (isForward(event.channel)) emit({ type: 'forward-ringing', forwardId: id.forward(event.channel.id) });
        else emit({ type: 'offer-ringing', offerId: id.offer(event.channel.id) });
        return;
      case 'ChannelDestroyed':
        if (!isCaller(event.channel)) legGone(event.channel, event.cause, event.tech_cause ?? null);
        return;
      case 'ChannelDtmfReceived':
        if (event.digit === '1' && mobiles.pressed(event.channel.id)) accepted(event.channel);
        return;
      case 'ChannelHangupRequest':
        if (isCaller(event.channel)) leaving.add(event.channel.id);
        return;
      case 'PlaybackFinished': {
        const callId = event.playback.target_uri.replace(/^channel:/, '');
        if (mobiles.plays(event.playback.id)) return;
        if (leaving.has(callId)) return;
        if (playing.get(callId) === event.playback.id) playing.delete(callId);
        if (music.has(callId) && !playing.has(callId)) void playMusic(callId);
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
    const [, dialled = '', presentation = '', ...headers] = args;
    emit({
      type: 'call-arrived',
      callId: id.call(channel.id),
      dialled,
      elsewhere: elsewhereOf(headers),
      caller: identityOf(channel, presentation),
      ...trunkOf(channel),
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

  function legAnswered(channel: Channel, [, , mobile, language]: string[]): void {
    if (mobile === 'mobile') return mobiles.pickedUp(channel.id, language ?? 'sv');
    if (!isForward(channel)) return accepted(channel);
    answered.add(channel.id);
    emit({ type: 'forward-answered', forwardId: id.forward(channel.id) });
  }

  function accepted(channel: Channel): void {
    answered.add(channel.id);
    emit({ type: 'offer-answered', offerId: id.offer(channel.id) });
  }

  function legGone(channel: Channel, cause: number, techCause: number | null): void {
    const wasAnswered = answered.delete(channel.id);
    const wasCancelled = cancelled.delete(channel.id);
    const hadRung = rang.delete(channel.id);
    const unpressed = mobiles.gone(channel.id);
    // The caller may still be in it, and hears what comes next only once they are out (`leaveTalk`).
    const joined = [...talks.values()].includes(channel.id);
    if (wasAnswered && !joined) void request('DELETE', `bridges/${bridgeOf(channel.id)}`);
    const why = wasCancelled ? 'cancelled' : wasAnswered ? afterAnswer(cause) : beforeAnswer(cause, techCause, hadRung);
    if (isForward(channel)) {
      const code = !wasAnswered && !wasCancelled && techCause !== null && techCause >= 300 ? techCause : null;
      emit({ type: 'forward-ended', forwardId: id.forward(channel.id), cause: why, code });
    } else {
      const whyNot = wasCancelled ? why : unpressed ? 'no-answer' : refusedByNetwork(techCause) ? 'failed' : why;
      emit({ type: 'offer-ended', offerId: id.offer(channel.id), cause: wasAnswered ? why : whyNot });
    }
  }

  /** A class that is not there is, to Asterisk, the default one: never silence. */
  function playMusic(callId: string) {
    const own = music.get(callId);
    return request('POST', `channels/${callId}/moh`, own ? { mohClass: own } : {});
  }

  async function execute(command: AdapterCommand): Promise<CommandResult> {
    switch (command.type) {
      case 'answer':
        return result(await request('POST', `channels/${command.callId}/answer`));
      case 'play': {
        if (playing.get(command.callId) === command.playId) return { ok: true }; // a second play with the same id plays twice
        playing.set(command.callId, command.playId);
        await leaveTalk(command.callId);
        const folder = (name: string) => (soundOf(name) === null ? announcements : sounds);
        const media = command.media.map((name) => `sound:${folder(name)}/${command.language}/${name}`).join(',');
        // The variable survives us: a snapshot can tell what plays.
        void request('POST', `channels/${command.callId}/variable`, { variable: 'VXPLAY', value: command.playId });
        return result(await request('POST', `channels/${command.callId}/play`, { media, playbackId: command.playId }));
      }
      case 'stop-play':
        return result(await request('DELETE', `playbacks/${command.playId}`));
      case 'start-music':
        // A command from before there was other music has none.
        music.set(command.callId, command.music ?? null);
        await leaveTalk(command.callId);
        return result(await playMusic(command.callId));
      case 'stop-music':
        music.delete(command.callId);
        return result(await request('DELETE', `channels/${command.callId}/moh`));
      case 'ring':
        return ring(command);
      case 'cancel-ring': {
        cancelled.add(command.offerId);
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
      case 'dial':
        return dial(command);
      case 'connect-forward':
        return connect(command.callId, command.forwardId);
      case 'hang-up-forward':
        cancelled.add(command.forwardId);
        return result(await request('DELETE', `channels/${command.forwardId}`));
      case 'hang-up-call': {
        const reason = command.reason === 'no-answer' ? 'no_answer' : command.reason;
        return result(await request('DELETE', `channels/${command.callId}`, { reason }));
      }
      case 'hang-up-offer':
        cancelled.add(command.offerId);
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
    if (command.mobile) return mobiles.ring(app, command, command.mobile);
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

  async function dial(command: Extract<AdapterCommand, { type: 'dial' }>): Promise<CommandResult> {
    const endpoint = dialString(command.to, command.trunk);
    if (!endpoint) return { ok: false, code: 'refused', detail: 'not a number' };
    const before = await forwardedBefore(command.callId);
    if (before >= mostDiversions) return { ok: false, code: 'loop', detail: 'forwarded too often on its way' };
    const { callerId, variables } = presentation(command, before);
    const { forwardId } = command;
    const timeout = command.ringSeconds + outsideMarginSeconds;
    const how = { endpoint, app, appArgs: `forward,${forwardId}`, channelId: forwardId, timeout, callerId };
    const answer = await request('POST', 'channels', how, { variables });
    // No channel: the trunk has no address, or the call could not be begun.
    if (answer.status === 500) return { ok: false, code: 'refused', detail: 'the trunk takes no call' };
    return result(answer);
  }

  /** Of the caller's own INVITE; each header is one, or several in one line. */
  async function forwardedBefore(callId: string): Promise<number> {
    const headers = await Promise.all(
      Array.from({ length: mostDiversions }, (_, n) =>
        request('GET', `channels/${callId}/variable`, { variable: `PJSIP_HEADER(read,Diversion,${n + 1})` })
      )
    );
    return diversions(
      headers.map(({ status, body }) => (status === 200 ? String((body as { value: string }).value) : ''))
    );
  }

  /** All requests go out at once: Asterisk carries those of one socket out in order. */
  async function connect(callId: CallId, legId: OfferId | ForwardId): Promise<CommandResult> {
    const bridge = bridgeOf(legId);
    const playId = playing.get(callId);
    music.delete(callId);
    talks.set(callId, legId);
    const [made, , , joined] = await Promise.all([
      request('POST', `bridges/${bridge}`, { type: 'mixing', name: callId }),
      playId ? request('DELETE', `playbacks/${playId}`) : null,
      request('DELETE', `channels/${callId}/moh`),
      request('POST', `bridges/${bridge}/addChannel`, { channel: `${callId},${legId}` })
    ]);
    if (made && !isGood(made) && made.status !== 409) return result(made);
    return result(joined);
  }

  return {
    take,
    execute,
    /** What a new connection has found. */
    restore(snapshot: AdapterSnapshot, joined: { callId: string; legId: string }[]): void {
      for (const { callId, legId } of joined) talks.set(callId, legId);
      answered.clear();
      mobiles.restore(snapshot);
      for (const offer of snapshot.offers) if (offer.answered) answered.add(offer.offerId);
      for (const forward of snapshot.forwards) if (forward.answered) answered.add(forward.forwardId);
      for (const call of snapshot.calls) if (call.playing) playing.set(call.callId, call.playing);
    }
  };
}
