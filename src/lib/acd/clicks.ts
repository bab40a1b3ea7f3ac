import type { Click, ClickCode } from './events.ts';
import type { AgentId, DeviceId, QueueId } from './ids.ts';
import {
  acted,
  agentOf,
  beginShift,
  endShift,
  endWrapUp,
  logIn,
  logOut,
  maxWrapUpExtensionMs,
  maxWrapUpExtensions,
  memberships
} from './agents.ts';
import { hangUpByAgent, loseLeg, updateDevice } from './calls.ts';
import { changeTo, justChosen, ownDevice } from './device-choice.ts';
import { configured } from './indexes.ts';
import { connectFailed, offerRefused, withdrawFromAgent } from './offers.ts';
import type { Agent } from './state.ts';
import { putAgent, schedule, tell } from './turn.ts';
import type { Turn } from './turn.ts';

/** null: done, or nothing had to change. */
export type ClickResult = ClickCode | null;

/** What an agent did on the desk (P12, P17). Whoever sent it has checked that they may. */
export function click(turn: Turn, agentId: AgentId, done: Click): ClickResult {
  const agent = agentOf(turn, agentId);
  if (!agent) return 'unknown-agent';
  switch (done.type) {
    case 'start-shift':
      return startShift(turn, agent, done.deviceId);
    case 'change-device':
      return changeDevice(turn, agent, done.deviceId);
    case 'end-shift':
      return leave(turn, agent, 'shift');
    case 'log-in':
      return logInTo(turn, agent, done.queueIds);
    case 'log-out':
      return logOutOf(turn, agent, done.queueIds);
    case 'pause':
      return pause(turn, agent, done);
    case 'resume':
      return resume(turn, agent);
    case 'ready':
      if (agent.occupancy.type !== 'wrap-up') return 'no-wrap-up';
      endWrapUp(turn, agent, 'agent');
      return null;
    case 'more-time':
      return moreTime(turn, agent, done.seconds);
    case 'decline':
      return decline(turn, agent, done.offerId);
    case 'hang-up':
      return hangUp(turn, agent, done.offerId);
    case 'call-lost':
      return callLost(turn, agent, done.offerId);
    case 'page-gone':
    case 'page-back':
      if (agent.deviceId !== done.deviceId) return 'not-on-shift';
      updateDevice(
        turn,
        done.deviceId,
        done.type === 'page-gone'
          ? { pageGone: true, reason: 'page-gone' }
          : { pageGone: false, failures: 0, reason: 'page-back' }
      );
      return null;
    default:
      // From another version of `web`, perhaps: refused, since the worker must not fall over a message.
      done satisfies never;
      return 'bad-input';
  }
}

/** Again while on shift: the page was reloaded, so the agent keeps their place in the order. */
function startShift(turn: Turn, agent: Agent, deviceId: Agent['deviceId'] & string): ClickResult {
  const device = ownDevice(turn, agent, deviceId);
  if (!device) return 'no-such-device';
  agent.leaving = null;
  putAgent(turn, agent);
  // The click comes from a page: so it is there.
  updateDevice(turn, deviceId, justChosen(device));
  if (agent.onShift) changeTo(turn, agent, deviceId);
  else beginShift(turn, agent, deviceId, turn.nowMs);
  logIn(turn, agent, memberships(turn, agent.id), 'shift');
  return null;
}

function changeDevice(turn: Turn, agent: Agent, deviceId: DeviceId): ClickResult {
  if (!agent.onShift) return 'not-on-shift';
  const device = ownDevice(turn, agent, deviceId);
  if (!device) return 'no-such-device';
  updateDevice(turn, deviceId, justChosen(device));
  changeTo(turn, agent, deviceId);
  return null;
}

function logInTo(turn: Turn, agent: Agent, queueIds: QueueId[] | 'all'): ClickResult {
  if (!agent.onShift) return 'not-on-shift';
  const mine = memberships(turn, agent.id);
  if (queueIds !== 'all' && !queueIds.every((queueId) => mine.includes(queueId))) return 'not-a-member';
  if (agent.deviceId !== null) updateDevice(turn, agent.deviceId, { failures: 0 });
  const wanted = queueIds === 'all' ? mine : queueIds;
  // A log-out asked for during this call is taken back.
  if (agent.leaving !== null && agent.leaving !== 'shift') {
    agent.leaving = agent.leaving.filter((queueId) => !wanted.includes(queueId));
    putAgent(turn, agent);
  }
  logIn(turn, agent, wanted, 'agent');
  return null;
}

/** A queue they are a member of but not logged in to is left already; any other is a mistake, and nothing is done. */
function logOutOf(turn: Turn, agent: Agent, queueIds: QueueId[] | 'all'): ClickResult {
  if (!agent.onShift) return 'not-on-shift';
  if (queueIds === 'all') return leave(turn, agent, agent.queueIds);
  const mine = memberships(turn, agent.id);
  if (!queueIds.every((queueId) => mine.includes(queueId))) return 'not-a-member';
  return leave(turn, agent, queueIds);
}

/** Logs out of queues, or ends the shift: during a call, after it; an offer that rings is taken back. */
function leave(turn: Turn, agent: Agent, what: QueueId[] | 'shift'): ClickResult {
  if (!agent.onShift) return 'not-on-shift';
  const occupancy = agent.occupancy;
  const offer =
    occupancy.type === 'offered' || occupancy.type === 'talk' ? turn.state.offer.get(occupancy.offerId) : undefined;
  if (offer?.phase === 'ringing' && (what === 'shift' || what.includes(offer.queueId))) withdrawFromAgent(turn, offer);
  if (offer && what === 'shift') agent.leaving = 'shift';
  else if (offer && occupancy.type === 'talk' && agent.leaving !== 'shift') {
    agent.leaving = [...new Set([...(agent.leaving ?? []), ...(what as QueueId[])])];
  } else if (what === 'shift') endShift(turn, agent);
  else logOut(turn, agent, what, 'agent');
  putAgent(turn, agent);
  // Logged out of everything, there is nothing to wrap up for.
  if (agent.queueIds.length === 0) endWrapUp(turn, agent, 'agent');
  return null;
}

/** Control characters, and halves of a pair: no store takes them. */
const noText = /[\p{Cc}\p{Cs}]/u;

function pause(turn: Turn, agent: Agent, done: Extract<Click, { type: 'pause' }>): ClickResult {
  if (!agent.onShift) return 'not-on-shift';
  if (agent.paused) return 'already-paused';
  if (done.reason !== null && (done.reason.length > 100 || noText.test(done.reason))) return 'bad-input';
  const known = configured(turn.state, 'organization', agent.organizationId)?.pauseReasons;
  const own = done.reasonId === undefined ? null : known?.find(({ id }) => id === done.reasonId);
  if (own === undefined) return 'no-such-reason';
  const reason = own?.name ?? done.reason;
  const limit = own && own.minutes !== null ? { untilMs: turn.nowMs + own.minutes * 60_000 } : {};
  const why = { reason, ...(own && { reasonId: own.id }), ...limit };
  agent.paused = { ...why, sinceMs: turn.nowMs };
  putAgent(turn, agent);
  tell(turn, agent.organizationId, { type: 'pause-changed', agentId: agent.id, paused: true, ...why });
  return null;
}

function resume(turn: Turn, agent: Agent): ClickResult {
  if (!agent.paused) return 'not-paused';
  agent.paused = null;
  agent.idleSinceMs = turn.nowMs;
  acted(agent);
  putAgent(turn, agent);
  tell(turn, agent.organizationId, { type: 'pause-changed', agentId: agent.id, paused: false, reason: null });
  return null;
}

function moreTime(turn: Turn, agent: Agent, seconds: number): ClickResult {
  const wrapUp = agent.occupancy;
  if (wrapUp.type !== 'wrap-up') return 'no-wrap-up';
  if (!Number.isInteger(seconds) || seconds <= 0) return 'bad-input';
  const extendedMs = wrapUp.extendedMs + seconds * 1_000;
  if (wrapUp.extensions >= maxWrapUpExtensions || extendedMs > maxWrapUpExtensionMs) return 'limit-reached';
  const untilMs = wrapUp.untilMs + seconds * 1_000;
  agent.occupancy = { ...wrapUp, extensions: wrapUp.extensions + 1, extendedMs, untilMs };
  putAgent(turn, agent);
  schedule(turn, `wrap-up:${agent.id}`, untilMs);
  tell(turn, agent.organizationId, { type: 'wrap-up-changed', agentId: agent.id, untilMs });
  return null;
}

function decline(turn: Turn, agent: Agent, offerId: Parameters<Turn['state']['offer']['get']>[0]): ClickResult {
  const offer = turn.state.offer.get(offerId);
  if (!offer || offer.agentId !== agent.id) return 'no-such-offer';
  if (offer.phase !== 'ringing') return 'too-late';
  offerRefused(turn, offer, 'declined', 'declined', false);
  return null;
}

function hangUp(turn: Turn, agent: Agent, offerId: Parameters<Turn['state']['offer']['get']>[0]): ClickResult {
  const offer = turn.state.offer.get(offerId);
  if (!offer || offer.agentId !== agent.id) return 'no-such-offer';
  if (offer.phase === 'connecting') connectFailed(turn, offer, false);
  else if (offer.phase !== 'talking') return 'too-late';
  else hangUpByAgent(turn, offer);
  return null;
}

function callLost(turn: Turn, agent: Agent, offerId: Parameters<Turn['state']['offer']['get']>[0]): ClickResult {
  const offer = turn.state.offer.get(offerId);
  if (!offer || offer.agentId !== agent.id) return 'no-such-offer';
  if (offer.phase !== 'talking') return 'too-late';
  loseLeg(turn, offer);
  return null;
}
