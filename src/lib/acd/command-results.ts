import type { PbxCommand } from './commands.ts';
import type { CommandFailure } from './events.ts';
import { assertNever } from './assert-never.ts';
import { callGone, failCall, playEnded } from './calls.ts';
import { forget } from './forward-leg.ts';
import { forwardConnectFailed, forwardConnected, forwardEnded, forwardLooped } from './forwards.ts';
import { connectFailed, connected, legGoneOf, loseTalk, offerRefused, sayGoodbye } from './offers.ts';
import type { Call } from './state.ts';
import { decodeTag } from './tag.ts';
import { schedule, send } from './turn.ts';
import type { Turn } from './turn.ts';

/** How often a command that may safely be sent again is tried in all. */
const attemptsLimit = 3;
/** A connect that found a leg missing waits so long for the word which one it was. */
const whichLegMs = 1_000;

export function commandDone(turn: Turn, commandId: string): void {
  const done = take(turn, commandId);
  if (done?.command.type === 'connect-forward') {
    const forward = turn.state.forward.get(done.command.forwardId);
    return forward && forwardConnected(turn, forward);
  }
  if (done?.command.type !== 'connect') return;
  const offer = turn.state.offer.get(done.command.offerId);
  if (offer) connected(turn, offer);
}

/**
 * What a failure of each kind means. `not-found`: the leg is gone, which also mends the loss of its last event.
 * `deadline`: it may have taken effect, so that what it would have begun is ended before going on.
 * `unavailable`: no connection; it stays outstanding, and `reconciled` decides. But a ring that is unavailable while
 * there is a connection tells that the device has no contact.
 */
export function commandFailed(turn: Turn, commandId: string, code: CommandFailure): void {
  const ringing = turn.state.command.get(commandId)?.command.type === 'ring';
  if (code === 'unavailable' && !(ringing && turn.state.cell.connected)) return;
  const failed = take(turn, commandId);
  if (failed) meaning(turn, failed.command, code, failed.attempts);
}

function take(turn: Turn, commandId: string) {
  const outstanding = turn.state.command.get(commandId);
  if (!outstanding) return undefined;
  turn.state.command.delete(commandId);
  turn.changed.add(`command:${commandId}`);
  return outstanding;
}

function meaning(turn: Turn, command: PbxCommand, code: CommandFailure, attempts: number): void {
  const call = 'callId' in command ? turn.state.call.get(command.callId) : undefined;
  const offer = 'offerId' in command ? turn.state.offer.get(command.offerId) : undefined;
  const forward = 'forwardId' in command ? turn.state.forward.get(command.forwardId) : undefined;
  const again = code !== 'not-found' && attempts < attemptsLimit;
  switch (command.type) {
    case 'answer':
      if (!call || call.phase === 'ending') return;
      if (code === 'not-found') return callGone(turn, call);
      return again ? send(turn, command, attempts + 1) : failCall(turn, call);
    case 'play':
      if (call && code === 'not-found') return callGone(turn, call);
      if (call?.playing?.playId !== command.playId) return;
      if (code === 'deadline') send(turn, { type: 'stop-play', callId: call.id, playId: command.playId });
      return playEnded(turn, call, true);
    case 'start-music':
      if (call && code === 'not-found') return callGone(turn, call);
      // Not under a talk.
      if ((call?.phase === 'waiting' || call?.phase === 'forwarding') && call.offerId === null && again)
        send(turn, command, attempts + 1);
      return;
    case 'tag':
      if (call && code === 'not-found') return callGone(turn, call);
      if (call && again && isPresent(turn, call, command.value)) send(turn, command, attempts + 1);
      return;
    case 'stop-music':
    case 'stop-play':
      // Over by itself, or the leg is gone, which is told in other ways.
      return;
    case 'ring':
      if (offer?.phase !== 'ringing' || code === 'conflict') return;
      return offerRefused(turn, offer, 'failed', code === 'deadline' ? 'failed' : 'unreachable', code !== 'deadline');
    case 'cancel-ring':
    case 'hang-up-offer':
      if (offer?.phase === 'ending' && code === 'not-found') legGoneOf(turn, offer, false);
      // A leg that the state knows nothing of has no deadline that would tell it again.
      if (!offer && again) send(turn, command, attempts + 1);
      return;
    case 'connect':
      if (offer?.phase === 'connecting') {
        if (code === 'not-found') return schedule(turn, `connect:${offer.id}`, turn.nowMs + whichLegMs);
        return connectFailed(turn, offer, true);
      }
      if (offer?.phase !== 'talking' || code === 'not-found') return;
      if (again) return send(turn, command, attempts + 1);
      loseTalk(turn, offer, call);
      return sayGoodbye(turn, offer, 'hang-up');
    case 'dial':
      if (forward?.phase !== 'ringing' || code === 'conflict') return;
      if (code === 'loop') return forwardLooped(turn, forward);
      // After a deadline it may ring there: that leg is told to go before anything else is done for the caller.
      if (code === 'deadline') send(turn, { type: 'hang-up-forward', forwardId: forward.id });
      return forwardEnded(turn, forward, 'failed', null);
    case 'connect-forward':
      if (forward?.phase === 'connecting') {
        if (code === 'not-found') return schedule(turn, `connect-out:${forward.id}`, turn.nowMs + whichLegMs);
        return forwardConnectFailed(turn, forward, true);
      }
      if (forward?.phase === 'talking' && code !== 'not-found' && again) send(turn, command, attempts + 1);
      return;
    case 'hang-up-forward':
      if (forward?.phase === 'ending' && code === 'not-found') forget(turn, forward);
      if (!forward && again) send(turn, command, attempts + 1);
      return;
    case 'hang-up-call':
      if (call && code === 'not-found') callGone(turn, call);
      return;
    default:
      return assertNever(command);
  }
}

/** Whether a tag still tells how the call is: an old one must not overwrite a newer. */
function isPresent(turn: Turn, call: Call, value: string): boolean {
  const tag = decodeTag(value);
  const talk = call.offerId === null ? undefined : turn.state.offer.get(call.offerId);
  if (tag !== null && call.phase === 'talking' && call.forwardId !== null) return tag.partnerId === call.forwardId;
  return tag !== null && tag.partnerId === call.offerId && tag.visitId === (call.visitId ?? talk?.visitId);
}
