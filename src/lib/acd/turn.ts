import type { Command, PbxCommand } from './commands.ts';
import type { Fact, FactBody, OfferWhy } from './facts.ts';
import type { AgentId, OrganizationId, QueueId, VisitId } from './ids.ts';
import type { Indexes } from './indexes.ts';
import { indexCall, indexVisit, unindexCall, unindexVisit } from './pools.ts';
import type { Agent, Call, Device, EntityKey, Forward, Offer, State, Visit } from './state.ts';

/** One event being handled: what it knows, and what has come of it so far. */
export interface Turn {
  readonly nowMs: number;
  readonly eventId: string;
  readonly state: State;
  readonly indexes: Indexes;
  readonly facts: Fact[];
  readonly commands: Command[];
  readonly changed: Set<EntityKey>;
  /** Queues whose visits may now find an agent, and why: the first reason stands. */
  readonly toMatch: Map<QueueId, OfferWhy['trigger']>;
  /** Visits for which it is told, if nobody rings for them at the end, what everybody is doing (B3), and why now. */
  readonly toExplain: Map<VisitId, OfferWhy['trigger']>;
  /** Queues of which it may hold no longer, or hold now, that they are closed by their situation (P10, P11). */
  readonly toAssess: Set<QueueId>;
  /** Agents whose place among the free, or whose shown state, may have changed. */
  readonly toRefresh: Set<AgentId>;
  made: number;
}

/** Ids grow from the event's own, so that the same input gives the same ids. */
export function newId(turn: Turn, letter: 'v' | 'o' | 'f' | 'p' | 'x'): string {
  turn.made += 1;
  return `${letter}${turn.eventId}-${turn.made}`;
}

export function tell(turn: Turn, organizationId: OrganizationId, body: FactBody): void {
  turn.facts.push({ v: 1, atMs: turn.nowMs, organizationId, ...body });
}

/** Sends a command to the PBX; it stays outstanding in the state until it is answered. */
export function send(turn: Turn, command: PbxCommand, attempts = 1): void {
  const whole = { ...command, commandId: newId(turn, 'x') };
  turn.state.command.set(whole.commandId, { v: 1, command: whole, attempts });
  turn.changed.add(`command:${whole.commandId}`);
  turn.commands.push(whole);
}

export function schedule(turn: Turn, key: string, atMs: number): void {
  turn.state.deadline.set(key, { v: 1, key, atMs });
  turn.changed.add(`deadline:${key}`);
  turn.commands.push({ type: 'schedule-deadline', key, atMs });
}

export function unschedule(turn: Turn, key: string): void {
  if (!turn.state.deadline.delete(key)) return;
  turn.changed.add(`deadline:${key}`);
  turn.commands.push({ type: 'cancel-deadline', key });
}

export function putCall(turn: Turn, call: Call): void {
  turn.state.call.set(call.id, call);
  indexCall(turn.indexes, call);
  turn.toAssess.add(call.queueId);
  turn.changed.add(`call:${call.id}`);
}

export function dropCall(turn: Turn, call: Call): void {
  turn.state.call.delete(call.id);
  unindexCall(turn.indexes, call);
  turn.toAssess.add(call.queueId);
  turn.changed.add(`call:${call.id}`);
}

/** Stores a visit and puts it where it belongs among those waiting. */
export function putVisit(turn: Turn, visit: Visit): void {
  turn.state.visit.set(visit.id, visit);
  indexVisit(turn.state, turn.indexes, visit);
  turn.changed.add(`visit:${visit.id}`);
  turn.toAssess.add(visit.queueId);
}

export function dropVisit(turn: Turn, visit: Visit): void {
  turn.state.visit.delete(visit.id);
  unindexVisit(turn.indexes, visit);
  turn.changed.add(`visit:${visit.id}`);
  turn.toAssess.add(visit.queueId);
}

export function putOffer(turn: Turn, offer: Offer): void {
  turn.state.offer.set(offer.id, offer);
  turn.changed.add(`offer:${offer.id}`);
}

export function dropOffer(turn: Turn, offer: Offer): void {
  turn.state.offer.delete(offer.id);
  turn.changed.add(`offer:${offer.id}`);
}

export function putForward(turn: Turn, forward: Forward): void {
  turn.state.forward.set(forward.id, forward);
  turn.changed.add(`forward:${forward.id}`);
}

export function dropForward(turn: Turn, forward: Forward): void {
  turn.state.forward.delete(forward.id);
  turn.changed.add(`forward:${forward.id}`);
}

/** Stores an agent; their place among the free follows at the end of the turn. */
export function putAgent(turn: Turn, agent: Agent): void {
  turn.state.agent.set(agent.id, agent);
  turn.changed.add(`agent:${agent.id}`);
  turn.toRefresh.add(agent.id);
}

export function putDevice(turn: Turn, device: Device): void {
  turn.state.device.set(device.id, device);
  turn.changed.add(`device:${device.id}`);
}

export function toMatch(turn: Turn, queueId: QueueId, trigger: OfferWhy['trigger']): void {
  if (!turn.toMatch.has(queueId)) turn.toMatch.set(queueId, trigger);
}
