import type { LegEnd } from './events.ts';
import type { FactBody } from './facts.ts';
import { id } from './ids.ts';
import { learnOwnNumber, payFor, talkMostMs, trunkOf } from './outgoing.ts';
import type { Call, Forward } from './state.ts';
import { dropForward, newId, putCall, putForward, schedule, send, tell, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/** A number that does not ring by now (some networks take seconds) has this long and its ring time in all. */
export const silentForMs = 15_000;
export const forwardConnectLimitMs = 5_000;
export const forwardGoneLimitMs = 5_000;
export const forwardGoneAttempts = 3;

type Outcome = Extract<FactBody, { type: 'forward-ended' }>['outcome'];

/** Rings an alternative number for a call that has no other forward. The caller hears on what they hear. */
export function ringOutside(
  turn: Turn,
  call: Call,
  to: Pick<Forward, 'to' | 'why' | 'showing' | 'ringSeconds'>,
  presented: string | null
): void {
  const forward: Forward = {
    v: 1,
    id: id.forward(newId(turn, 'f')),
    callId: call.id,
    organizationId: call.organizationId,
    queueId: call.queueId,
    visitId: turn.state.visit.get(call.visitId!)?.id ?? null,
    ...to,
    phase: 'ringing',
    ringing: false,
    talkSinceMs: null,
    attempts: 0
  };
  putForward(turn, forward);
  call.forwardId = forward.id;
  putCall(turn, call);
  const { id: forwardId, callId, visitId, queueId, why, showing } = forward;
  tell(turn, call.organizationId, {
    type: 'forward-started',
    forwardId,
    callId,
    visitId,
    queueId,
    to: forward.to,
    why,
    showing
  });
  dial(turn, call, forward, presented);
}

/** Also once more, when the order never reached the PBX. */
export function dial(turn: Turn, call: Call, forward: Forward, presented: string | null): void {
  const { name, countryCode, sendsAs, asserted } = trunkOf(turn, forward.organizationId);
  send(turn, {
    type: 'dial',
    forwardId: forward.id,
    callId: call.id,
    to: forward.to,
    caller: call.caller.token,
    showing: forward.showing === 'own' ? (presented ?? call.dialled) : null,
    own: call.dialled,
    trunk: { name, countryCode, sendsAs, asserted },
    ringSeconds: forward.ringSeconds
  });
  schedule(turn, `ring-out:${forward.id}`, turn.nowMs + silentForMs + forward.ringSeconds * 1_000);
}

export function forwardRinging(turn: Turn, forward: Forward): void {
  if (forward.phase !== 'ringing' || forward.ringing) return;
  learnOwnNumber(turn, forward);
  forward.ringing = true;
  putForward(turn, forward);
  schedule(turn, `ring-out:${forward.id}`, turn.nowMs + forward.ringSeconds * 1_000);
}

/** The call goes on without its forward; the leg, if there still is one, is told to go. */
export function leaveForward(turn: Turn, call: Call, outcome: Outcome = 'withdrawn'): void {
  const forward = call.forwardId === null ? undefined : turn.state.forward.get(call.forwardId);
  call.forwardId = null;
  if (!forward || forward.phase === 'ending') return;
  tellEnded(turn, forward, forward.phase === 'talking' ? 'connected' : outcome, null, null);
  sayGoodbye(turn, forward);
}

/** E7: no talk is longer than its organization allows, counted from its beginning. */
export function boundTalk(turn: Turn, forward: Forward): void {
  const sinceMs = forward.talkSinceMs ?? turn.nowMs;
  schedule(turn, `talk-out:${forward.id}`, sinceMs + talkMostMs(turn, forward.organizationId));
}

export function sayGoodbye(turn: Turn, forward: Forward): void {
  unschedule(turn, `ring-out:${forward.id}`);
  unschedule(turn, `connect-out:${forward.id}`);
  unschedule(turn, `talk-out:${forward.id}`);
  forward.phase = 'ending';
  forward.attempts += 1;
  putForward(turn, forward);
  send(turn, { type: 'hang-up-forward', forwardId: forward.id });
  schedule(turn, `gone:forward:${forward.id}`, turn.nowMs + forwardGoneLimitMs);
}

export function forwardNotGone(turn: Turn, forward: Forward): void {
  if (forward.phase !== 'ending') return;
  if (forward.attempts < forwardGoneAttempts) return sayGoodbye(turn, forward);
  tell(turn, forward.organizationId, { type: 'corrected', code: 'forward-never-gone', subject: forward.id });
  forget(turn, forward);
}

/** Its leg is gone. */
export function forget(turn: Turn, forward: Forward): void {
  for (const kind of ['ring-out', 'connect-out', 'talk-out', 'gone:forward']) unschedule(turn, `${kind}:${forward.id}`);
  dropForward(turn, forward);
}

export function tellEnded(
  turn: Turn,
  forward: Forward,
  outcome: Outcome,
  cause: LegEnd | null,
  code: number | null
): void {
  const { id: forwardId, callId, visitId, queueId } = forward;
  const talkedMs = forward.talkSinceMs === null ? null : turn.nowMs - forward.talkSinceMs;
  const ore = talkedMs === null ? 0 : payFor(turn, forward, talkedMs);
  tell(turn, forward.organizationId, {
    type: 'forward-ended',
    forwardId,
    callId,
    visitId,
    queueId,
    outcome,
    cause,
    code,
    talkedMs,
    ore
  });
}
