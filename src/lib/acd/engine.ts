import type { Command } from './commands.ts';
import type { EngineEvent, EngineInput, PbxEvent } from './events.ts';
import type { Fact } from './facts.ts';
import { id } from './ids.ts';
import { endBusyElsewhere, endWrapUp, refreshFree, tellAgentStates } from './agents.ts';
import { assertNever } from './assert-never.ts';
import {
  callGone,
  callNotGone,
  hangUpBySystem,
  offerNotGone,
  pageGraceOver,
  playEnded,
  playOverdue,
  updateDevice
} from './calls.ts';
import { click } from './clicks.ts';
import { commandDone, commandFailed } from './command-results.ts';
import { configure } from './configure.ts';
import { changeHours } from './hours.ts';
import { beginDay } from './fairness.ts';
import { deviceChange, deviceRetry } from './devices.ts';
import { forward } from './doors.ts';
import { forwardNotGone, forwardRinging } from './forward-leg.ts';
import { forwardAnswered, forwardConnectFailed, forwardEnded, ringOutOver, talkOutOver } from './forwards.ts';
import type { Indexes } from './indexes.ts';
import { restoreIntents } from './intents.ts';
import { announceNext } from './journey.ts';
import { match, tellWaiting } from './matcher.ts';
import { refreshNeeds } from './needs.ts';
import { connectFailed, offerAnswered, offerEnded, offerPickedUp, offerRinging, ringOver } from './offers.ts';
import { predictWaits } from './pace.ts';
import { dropPlace, forgetSeen, restorePlaces } from './places.ts';
import { buildIndexes } from './pools.ts';
import { arriveOrReturn, disconnect, reconcile } from './recovery.ts';
import { assess } from './situation.ts';
import { emptyState, entityOf } from './state.ts';
import type { Entity, EntityKey, State } from './state.ts';
import { temporaryOver } from './temporary.ts';
import { putOffer, schedule, send, tell, toMatch } from './turn.ts';
import type { Turn } from './turn.ts';

export interface Handled {
  /** In this order, after the commit. */
  commands: Command[];
  facts: Fact[];
  /** Keys of the entities to write; those `entity` no longer finds are to be removed. In order of key. */
  changed: EntityKey[];
}

export interface Engine {
  /** One event in; what to do, what was decided, and what to store. Synchronous, and the same for the same input. */
  handle(input: EngineInput): Handled;
  entity(key: EntityKey): Entity | undefined;
  /** For a look only: owned and changed by `handle`. */
  readonly state: State;
  readonly indexes: Indexes;
}

/** Deadlines that act on the PBX wait this long at a time while there is no connection to it. */
const awayRetryMs = 1_000;

/** An engine that goes on from `state` (see `load`), or begins empty: without configuration, and not yet connected. */
export function createEngine(state: State = emptyState()): Engine {
  const indexes = buildIndexes(state);
  return {
    state,
    indexes,
    entity: (key) => entityOf(state, key),
    handle(input) {
      const turn: Turn = {
        nowMs: input.nowMs,
        eventId: input.eventId,
        state,
        indexes,
        facts: [],
        commands: [],
        changed: new Set(),
        toMatch: new Map(),
        toExplain: new Map(),
        toAssess: new Set(),
        toRefresh: new Set(),
        made: 0
      };
      handleEvent(turn, input.event);
      refreshFree(turn);
      match(turn);
      tellAgentStates(turn);
      sendAway(turn);
      tellWaiting(turn);
      predictWaits(turn);
      if (input.event.type === 'click') replyTo(turn, input.event.commandId);
      return { commands: turn.commands, facts: turn.facts, changed: [...turn.changed].toSorted() };
    }
  };
}

/** P11: nobody is there for those who wait. What comes of it may close or open other queues, once. */
function sendAway(turn: Turn): void {
  for (const { visit, why, to } of assess(turn)) {
    const call = turn.state.call.get(visit.callId);
    if (call?.visitId === visit.id) forward(turn, call, why, to);
  }
  refreshFree(turn);
  match(turn);
  tellAgentStates(turn);
  assess(turn);
}

/** A click that went well points to the last fact it led to: a view that has come so far shows all of it. */
function replyTo(turn: Turn, commandId: string): void {
  const refused = turn.commands.some((command) => command.type === 'reply');
  const factIndex = turn.facts.length > 0 ? turn.facts.length - 1 : null;
  if (!refused) turn.commands.push({ type: 'reply', commandId, ok: true, factIndex });
}

function handleEvent(turn: Turn, event: EngineEvent): void {
  switch (event.type) {
    case 'click': {
      const code = click(turn, event.agentId, event.click);
      if (code !== null) turn.commands.push({ type: 'reply', commandId: event.commandId, ok: false, code });
      return;
    }
    case 'deadline':
      return deadline(turn, event.key);
    case 'configuration-changed':
      return configure(turn, event);
    case 'hours-changed':
      return changeHours(turn, event);
    case 'command-done':
      return commandDone(turn, event.commandId);
    case 'command-failed':
      return commandFailed(turn, event.commandId, event.code);
    case 'disconnected':
      return disconnect(turn);
    case 'reconciled':
      return reconcile(turn, event.snapshot);
    case 'day-began':
      return beginDay(turn, event);
    case 'clock-stepped':
      // `nowMs` runs on by elapsed time, so that no deadline comes early or late. Nothing is decided by wall clock here.
      return;
    case 'intents-known':
      return restoreIntents(turn, event.intents);
    case 'places-known':
      return restorePlaces(turn, event.places);
    case 'capacity-known':
      turn.state.cell.callsMost = event.calls;
      turn.changed.add('cell');
      return;
    default:
      return handlePbxEvent(turn, event);
  }
}

/**
 * Events of legs the state no longer knows, or knows to be further on, change nothing: they came late or twice. But one
 * that rings or answers is there: a worker that was replaced ordered it in its last moment. It is told to go, or whoever
 * answers it would talk to nobody.
 */
function handlePbxEvent(turn: Turn, event: PbxEvent): void {
  const { state } = turn;
  switch (event.type) {
    case 'call-arrived':
      return arriveOrReturn(turn, event);
    case 'call-ended': {
      const call = state.call.get(event.callId);
      return call && callGone(turn, call);
    }
    case 'play-ended': {
      const call = state.call.get(event.callId);
      if (call?.playing?.playId === event.playId) playEnded(turn, call, event.failed);
      return;
    }
    case 'offer-ringing': {
      const offer = state.offer.get(event.offerId);
      return offer ? offerRinging(turn, offer) : send(turn, { type: 'hang-up-offer', offerId: event.offerId });
    }
    case 'offer-picked-up': {
      const offer = state.offer.get(event.offerId);
      return offer ? offerPickedUp(turn, offer) : send(turn, { type: 'hang-up-offer', offerId: event.offerId });
    }
    case 'offer-answered': {
      const offer = state.offer.get(event.offerId);
      return offer ? offerAnswered(turn, offer) : send(turn, { type: 'hang-up-offer', offerId: event.offerId });
    }
    case 'offer-ended': {
      const offer = state.offer.get(event.offerId);
      return offer && offerEnded(turn, offer, event.cause);
    }
    case 'forward-ringing': {
      const outside = state.forward.get(event.forwardId);
      return outside
        ? forwardRinging(turn, outside)
        : send(turn, { type: 'hang-up-forward', forwardId: event.forwardId });
    }
    case 'forward-answered': {
      const outside = state.forward.get(event.forwardId);
      return outside
        ? forwardAnswered(turn, outside)
        : send(turn, { type: 'hang-up-forward', forwardId: event.forwardId });
    }
    case 'forward-ended': {
      const outside = state.forward.get(event.forwardId);
      return outside && forwardEnded(turn, outside, event.cause, event.code);
    }
    case 'hold-changed': {
      const offer = state.offer.get(event.offerId);
      if (offer?.phase !== 'talking' || offer.held === event.held) return;
      offer.held = event.held;
      putOffer(turn, offer);
      const { id: offerId, callId, agentId, held } = offer;
      return tell(turn, offer.organizationId, { type: 'held', offerId, callId, agentId, held });
    }
    case 'reachability-changed':
      return updateDevice(turn, event.deviceId, deviceChange(event.reason, event.reachable));
    default:
      return assertNever(event);
  }
}

/** Keys whose deadline asks something of the PBX. */
const pbxDeadlines = new Set([
  'ring',
  'connect',
  'play',
  'repeat',
  'position',
  'waiting-time',
  'gone',
  'page',
  'ring-out',
  'connect-out',
  'talk-out'
]);

function deadline(turn: Turn, key: string): void {
  const { state, nowMs } = turn;
  const set = state.deadline.get(key);
  // Replaced or cancelled meanwhile: the one that counts is still to come, or nothing is.
  if (!set || set.atMs > nowMs) return;
  const [kind = '', first = '', second = ''] = key.split(':');
  if (!state.cell.connected && pbxDeadlines.has(kind)) return schedule(turn, key, nowMs + awayRetryMs);
  state.deadline.delete(key);
  turn.changed.add(`deadline:${key}`);
  const call = state.call.get(id.call(kind === 'gone' ? second : first));
  const offer = state.offer.get(id.offer(kind === 'gone' ? second : first));
  const outside = state.forward.get(id.forward(kind === 'gone' ? second : first));
  const agent = state.agent.get(id.agent(first));
  switch (kind) {
    case 'ring':
      return offer && ringOver(turn, offer);
    case 'connect':
      return offer && connectFailed(turn, offer, true);
    case 'play':
      return call && playOverdue(turn, call);
    case 'repeat':
      return call && announceNext(turn, call, 'repeated');
    case 'position':
    case 'waiting-time':
      return call && announceNext(turn, call, kind);
    case 'gone':
      if (first === 'call' && call) callNotGone(turn, call);
      if (first === 'offer' && offer) offerNotGone(turn, offer);
      if (first === 'forward' && outside) forwardNotGone(turn, outside);
      return;
    case 'wrap-up':
      return agent && endWrapUp(turn, agent, 'time');
    case 'busy':
      return agent && endBusyElsewhere(turn, agent);
    case 'hold-off': {
      const visit = state.visit.get(id.visit(first));
      return visit && toMatch(turn, visit.queueId, 'agent-free');
    }
    case 'needs': {
      const visit = state.visit.get(id.visit(first));
      return visit && refreshNeeds(turn, visit);
    }
    case 'ring-out':
      return outside && ringOutOver(turn, outside);
    case 'connect-out':
      return outside && forwardConnectFailed(turn, outside, true);
    case 'talk-out':
      if (offer) hangUpBySystem(turn, offer);
      return outside && talkOutOver(turn, outside);
    case 'late':
    case 'unreachable':
    case 'send-away':
      // The turn ends with a look at what holds of the queue now.
      turn.toAssess.add(id.queue(first));
      return;
    case 'place':
      return dropPlace(turn, `${first}:${second}`);
    case 'temporary':
      return temporaryOver(turn, id.temporary(first));
    case 'seen':
      return forgetSeen(turn, first);
    case 'page':
      return pageGraceOver(turn, id.device(first));
    case 'device':
      return deviceRetry(turn, id.device(first));
    default:
      throw new Error(`unknown-deadline: ${key}`);
  }
}
