import type { QueueValue } from './configuration.ts';
import type { Fact } from './facts.ts';
import type { AgentId, QueueId, VisitId } from './ids.ts';

/**
 * The one fold over facts: figures on screen, in reports and in replay are all made here, none is counted by hand.
 * A figure counts visits by when they entered, so that every figure opens the calls behind it.
 */
export interface Figures {
  queues: Map<QueueId, QueueFigures>;
  agents: Map<AgentId, AgentFigures>;
  wrapUps: Map<AgentId, number>;
}

export interface QueueFigures {
  entered: number;
  answered: number;
  /** Bridged within the service level's time. */
  answeredInTime: number;
  /** All of them, the short ones too. */
  abandoned: number;
  shortAbandons: number;
  /** Ended another way than answered or abandoned: after the time they count against, before it they are left out. */
  otherLate: number;
  otherEarly: number;
  /** Waiting now: when each was queued. */
  open: Map<VisitId, number>;
  serviceLevelSeconds: number;
  shortAbandonSeconds: number;
}

export interface AgentFigures {
  answered: number;
  missed: number;
  declined: number;
  talkMs: number;
  wrapUpMs: number;
}

/** Before a queue's own value has been seen. */
const defaultServiceLevelSeconds = 20;
const defaultShortAbandonSeconds = 5;

export function createFigures(): Figures {
  return { queues: new Map(), agents: new Map(), wrapUps: new Map() };
}

/** Takes one fact in. Changes `figures` in place; facts of other kinds leave it as it is. */
export function fold(figures: Figures, fact: Fact): void {
  switch (fact.type) {
    case 'configured':
      if (fact.value?.type === 'queue') setTargets(figures, fact.value);
      return;
    case 'visit-entered': {
      const queue = queueFigures(figures, fact.queueId);
      if (!queue.open.has(fact.visitId)) queue.entered += 1;
      queue.open.set(fact.visitId, fact.queuedAtMs);
      return;
    }
    case 'visit-ended': {
      const queue = queueFigures(figures, fact.queueId);
      // Entered before this fold began: it belongs to the interval before.
      if (queue.open.delete(fact.visitId)) endVisit(queue, fact.outcome, fact.waitedMs);
      return;
    }
    case 'offer-ended': {
      const agent = agentFigures(figures, fact.agentId);
      if (fact.outcome === 'missed') agent.missed += 1;
      if (fact.outcome === 'declined') agent.declined += 1;
      return;
    }
    case 'talk-started':
      agentFigures(figures, fact.agentId).answered += 1;
      return;
    case 'talk-ended':
      agentFigures(figures, fact.agentId).talkMs += fact.talkedMs;
      return;
    case 'wrap-up-started':
      figures.wrapUps.set(fact.agentId, fact.atMs);
      return;
    case 'wrap-up-ended': {
      const sinceMs = figures.wrapUps.get(fact.agentId);
      if (sinceMs !== undefined) agentFigures(figures, fact.agentId).wrapUpMs += fact.atMs - sinceMs;
      figures.wrapUps.delete(fact.agentId);
      return;
    }
    default:
      return;
  }
}

function endVisit(
  queue: QueueFigures,
  outcome: Extract<Fact, { type: 'visit-ended' }>['outcome'],
  waitedMs: number
): void {
  const late = waitedMs > queue.serviceLevelSeconds * 1_000;
  if (outcome === 'answered') {
    queue.answered += 1;
    if (!late) queue.answeredInTime += 1;
  } else if (outcome === 'abandoned') {
    queue.abandoned += 1;
    if (waitedMs < queue.shortAbandonSeconds * 1_000) queue.shortAbandons += 1;
  } else if (late) queue.otherLate += 1;
  else queue.otherEarly += 1;
}

/** Targets hold for visits that end from now on. */
export function setTargets(figures: Figures, value: QueueValue): void {
  const queue = queueFigures(figures, value.id);
  queue.serviceLevelSeconds = value.serviceLevelSeconds;
  queue.shortAbandonSeconds = value.shortAbandonSeconds;
}

/** A new interval begins: what waits now waits on, and counts there. */
export function beginInterval(figures: Figures): void {
  for (const [queueId, queue] of figures.queues) {
    figures.queues.set(queueId, { ...emptyQueue(), ...targets(queue), entered: queue.open.size, open: queue.open });
  }
  figures.agents.clear();
}

export interface Waiting {
  waiting: number;
  /** When the one who has waited longest was queued; null when nobody waits. */
  longestSinceMs: number | null;
}

export function waitingNow(figures: Figures, queueId: QueueId): Waiting {
  const open = figures.queues.get(queueId)?.open;
  let longestSinceMs: number | null = null;
  for (const queuedAtMs of open?.values() ?? []) longestSinceMs = Math.min(longestSinceMs ?? queuedAtMs, queuedAtMs);
  return { waiting: open?.size ?? 0, longestSinceMs };
}

/**
 * The service level in per cent with one decimal, or null when nothing counts yet (design.md): answered within T ÷
 * (visits − short abandons). A waiter past T counts against at once; one who ended another way does after T and is left out before it.
 */
export function serviceLevel(figures: Figures, queueId: QueueId, nowMs: number): number | null {
  const queue = figures.queues.get(queueId);
  if (!queue) return null;
  const limitMs = queue.serviceLevelSeconds * 1_000;
  let overdue = 0;
  for (const queuedAtMs of queue.open.values()) if (nowMs - queuedAtMs > limitMs) overdue += 1;
  const counted = queue.answered + queue.abandoned - queue.shortAbandons + queue.otherLate + overdue;
  return counted === 0 ? null : Math.round((queue.answeredInTime / counted) * 1_000) / 10;
}

export function queueFigures(figures: Figures, queueId: QueueId): QueueFigures {
  let queue = figures.queues.get(queueId);
  if (!queue) figures.queues.set(queueId, (queue = emptyQueue()));
  return queue;
}

export function agentFigures(figures: Figures, agentId: AgentId): AgentFigures {
  let agent = figures.agents.get(agentId);
  if (!agent) figures.agents.set(agentId, (agent = { answered: 0, missed: 0, declined: 0, talkMs: 0, wrapUpMs: 0 }));
  return agent;
}

function targets({ serviceLevelSeconds, shortAbandonSeconds }: QueueFigures) {
  return { serviceLevelSeconds, shortAbandonSeconds };
}

function emptyQueue(): QueueFigures {
  return {
    entered: 0,
    answered: 0,
    answeredInTime: 0,
    abandoned: 0,
    shortAbandons: 0,
    otherLate: 0,
    otherEarly: 0,
    open: new Map(),
    serviceLevelSeconds: defaultServiceLevelSeconds,
    shortAbandonSeconds: defaultShortAbandonSeconds
  };
}
