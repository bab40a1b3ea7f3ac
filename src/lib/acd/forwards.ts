import { cameToNothing, forwardAsOwn } from './doors.ts';
import type { LegEnd } from './events.ts';
import { boundTalk, forget, forwardConnectLimitMs, sayGoodbye, tellEnded } from './forward-leg.ts';
import { endPlay, quiet } from './announcements.ts';
import { answer, closedOutcome, hangUpCall, startMusic } from './journey.ts';
import { writeTag } from './write-tag.ts';
import { forgetVisit, tellVisitEnded, withdrawOffers } from './offers.ts';
import { learnOwnNumber, tellStopped } from './outgoing.ts';
import type { Call, Forward, Visit } from './state.ts';
import { putCall, putForward, putVisit, schedule, send, tell, toMatch, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/** What a trunk says that does not let a foreign number be presented; told apart from a number that is wrong or busy. */
const numberRefused = new Set([400, 403, 433, 438]);
const connectAttempts = 2;

/** The target has answered: now the caller is, too, and the two are joined. Whoever answered first has them. */
export function forwardAnswered(turn: Turn, forward: Forward): void {
  if (forward.phase === 'ending') return sayGoodbye(turn, forward);
  if (forward.phase !== 'ringing') return;
  learnOwnNumber(turn, forward);
  const call = turn.state.call.get(forward.callId);
  const visit = visitOf(turn, call);
  if (!call || call.offerId !== null || visit?.taken) {
    tellEnded(turn, forward, 'withdrawn', null, null);
    if (call) call.forwardId = null;
    return sayGoodbye(turn, forward);
  }
  unschedule(turn, `ring-out:${forward.id}`);
  forward.phase = 'connecting';
  if (visit) {
    withdrawOffers(turn, visit);
    visit.taken = true;
    putVisit(turn, visit);
  }
  endPlay(turn, call, false);
  quiet(turn, call);
  if (!call.answered) answer(turn, call);
  connectForward(turn, forward);
}

export function connectForward(turn: Turn, forward: Forward): void {
  forward.attempts += 1;
  putForward(turn, forward);
  send(turn, { type: 'connect-forward', callId: forward.callId, forwardId: forward.id });
  schedule(turn, `connect-out:${forward.id}`, turn.nowMs + forwardConnectLimitMs);
}

export function forwardConnected(turn: Turn, forward: Forward): void {
  const call = turn.state.call.get(forward.callId);
  if (forward.phase !== 'connecting' || !call) return;
  unschedule(turn, `connect-out:${forward.id}`);
  forward.phase = 'talking';
  forward.talkSinceMs = turn.nowMs;
  putForward(turn, forward);
  boundTalk(turn, forward);
  const visit = visitOf(turn, call);
  const { id: forwardId, callId, visitId, queueId } = forward;
  tell(turn, forward.organizationId, { type: 'forward-connected', forwardId, callId, visitId, queueId });
  if (visit) {
    tellVisitEnded(turn, visit, 'forwarded', null);
    forgetVisit(turn, visit);
  } else call.outcome = closedOutcome(call);
  call.phase = 'talking';
  call.after = [];
  call.visitId = null;
  putCall(turn, call);
  // With the state lost, the two are found by it.
  writeTag(turn, call, visit ?? asVisit(turn, call), { id: forward.id, agentId: null, talkSinceMs: turn.nowMs });
}

/** Of a call that never entered: its tag names the call's own id, and no place. */
const asVisit = (
  turn: Turn,
  call: Call
): Pick<Visit, 'id' | 'queueId' | 'queuedAtMs' | 'creditSeconds' | 'strict'> => ({
  id: call.id as never,
  queueId: call.queueId,
  queuedAtMs: turn.nowMs,
  creditSeconds: 0,
  strict: false
});

export function forwardConnectFailed(turn: Turn, forward: Forward, mayRepeat: boolean): void {
  if (forward.phase !== 'connecting') return;
  if (mayRepeat && forward.attempts < connectAttempts) return connectForward(turn, forward);
  tell(turn, forward.organizationId, { type: 'corrected', code: 'connect-failed', subject: forward.id });
  lose(turn, forward, 'failed', null, null);
  sayGoodbye(turn, forward);
}

/** It has rung for as long as it may, or never began to. */
export function ringOutOver(turn: Turn, forward: Forward): void {
  if (forward.phase !== 'ringing') return;
  lose(turn, forward, 'unanswered', null, null);
  sayGoodbye(turn, forward);
}

/** Its leg is gone, by itself or as it was told to. */
export function forwardEnded(turn: Turn, forward: Forward, cause: LegEnd, code: number | null): void {
  const { phase } = forward;
  if (phase === 'ringing') {
    const refused = cause === 'busy' || cause === 'declined' || (code !== null && code >= 400);
    lose(turn, forward, cause === 'no-answer' ? 'unanswered' : refused ? 'refused' : 'failed', cause, code);
  } else if (phase === 'connecting') lose(turn, forward, 'failed', cause, code);
  else if (phase === 'talking') {
    const call = turn.state.call.get(forward.callId);
    tellEnded(turn, forward, 'connected', cause, null);
    if (call) {
      call.forwardId = null;
      hangUpCall(turn, call, 'normal', call.outcome, 'system');
    }
  }
  forget(turn, forward);
}

/** E7: it has lasted as long as a talk may. Both are told to go. */
export function talkOutOver(turn: Turn, forward: Forward): void {
  if (forward.phase !== 'talking') return;
  const { organizationId, callId, queueId, to, why } = forward;
  tellStopped(turn, { organizationId, callId, queueId, to, why, limit: 'talk' });
  const call = turn.state.call.get(callId);
  tellEnded(turn, forward, 'connected', null, null);
  sayGoodbye(turn, forward);
  if (!call) return;
  call.forwardId = null;
  hangUpCall(turn, call, 'normal', call.outcome, 'system');
}

/** No talk came of it: the caller is where they were, and what their queue says comes next. */
function lose(
  turn: Turn,
  forward: Forward,
  outcome: 'unanswered' | 'refused' | 'failed',
  cause: LegEnd | null,
  code: number | null
): void {
  tellEnded(turn, forward, outcome, cause, code);
  const call = turn.state.call.get(forward.callId);
  if (call?.forwardId !== forward.id) return;
  call.forwardId = null;
  const visit = visitOf(turn, call);
  if (visit?.taken && forward.phase === 'connecting') {
    visit.taken = false;
    putVisit(turn, visit);
    toMatch(turn, visit.queueId, 'offer-ended');
    startMusic(turn, call);
  }
  putCall(turn, call);
  if (forward.showing === 'caller' && code !== null && numberRefused.has(code)) {
    return forwardAsOwn(turn, call, forward);
  }
  cameToNothing(turn, call, forward.why);
}

/** It has been forwarded too often on its way to us: somewhere it goes round. */
export function forwardLooped(turn: Turn, forward: Forward): void {
  const { organizationId, callId, queueId, to, why } = forward;
  tellStopped(turn, { organizationId, callId, queueId, to, why, limit: 'loop' });
  lose(turn, forward, 'failed', null, null);
  forget(turn, forward);
}

function visitOf(turn: Turn, call: Call | undefined): Visit | undefined {
  return call?.visitId ? turn.state.visit.get(call.visitId) : undefined;
}
