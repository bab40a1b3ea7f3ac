import type { Fact } from '#lib/acd/facts.ts';
import { beginInterval, createFigures, fold } from '#lib/acd/figures.ts';
import type { AgentId, OfferId } from '#lib/acd/ids.ts';
import type { Day, RecentEntry } from './live-state.ts';

const recentKept = 20;
/** Corrections after which an accepted offer is no call: nobody got to talk. */
export const neverTalked = new Set(['connect-failed', 'agent-left-before-talk']);

/** A day of which nothing is known yet; `timeZone` IANA, `atMs` epoch ms in it. */
export function createDay(timeZone: string, atMs: number): Day {
  const nothing = { figures: createFigures(), recent: new Map(), offered: new Map(), callers: new Map() };
  return { ...nothing, timeZone, ...dayBounds(timeZone, atMs) };
}

/** A new day begins when its time has come: figures start anew, those waiting wait on. */
export function turnDay(day: Day, nowMs: number): void {
  if (nowMs < day.endMs) return;
  Object.assign(day, dayBounds(day.timeZone, nowMs));
  beginInterval(day.figures);
}

/** Days end by another midnight from now on; what has been counted today stays. */
export function setTimeZone(day: Day, timeZone: string, nowMs: number): void {
  if (day.timeZone !== timeZone) Object.assign(day, { timeZone, ...dayBounds(timeZone, nowMs) });
}

/** Takes one fact into the figures of its day, and into each agent's latest calls. */
export function foldDay(day: Day, fact: Fact): void {
  turnDay(day, fact.atMs);
  if (fact.atMs >= day.startMs || fact.type === 'configured') fold(day.figures, fact);
  switch (fact.type) {
    case 'configured':
      if (fact.value?.type === 'organization') setTimeZone(day, fact.value.timeZone, fact.atMs);
      if (fact.entity === 'agent' && fact.value === null) day.recent.delete(fact.id as AgentId);
      return;
    case 'visit-entered':
      return void day.callers.set(fact.callId, { caller: fact.caller, withheld: fact.withheld });
    case 'call-finished':
      return void day.callers.delete(fact.callId);
    case 'offered': {
      const caller = day.callers.get(fact.callId) ?? { caller: null, withheld: true };
      return void day.offered.set(fact.offerId, { callId: fact.callId, ...caller });
    }
    case 'offer-ended':
      if (fact.outcome === 'missed' || fact.outcome === 'declined') remember(day, fact, fact.outcome, null);
      if (fact.outcome !== 'accepted') day.offered.delete(fact.offerId);
      return;
    case 'talk-ended':
      remember(day, fact, 'answered', fact.talkedMs);
      return void day.offered.delete(fact.offerId);
    case 'corrected':
      return void (neverTalked.has(fact.code) && day.offered.delete(fact.subject as OfferId));
    default:
      return;
  }
}

function remember(
  day: Day,
  fact: Extract<Fact, { type: 'offer-ended' | 'talk-ended' }>,
  outcome: RecentEntry['outcome'],
  talkMs: number | null
): void {
  const call = day.offered.get(fact.offerId);
  if (!call) return;
  const { callId, caller, withheld } = call;
  const { offerId, atMs, queueId } = fact;
  const entry = { callId, offerId, atMs, caller, withheld, queueId, outcome, talkMs };
  day.recent.set(fact.agentId, [entry, ...(day.recent.get(fact.agentId) ?? [])].slice(0, recentKept));
}

/** From midnight to midnight in the zone, epoch ms. Where midnight does not exist (DST), from the first moment of the day. */
export function dayBounds(timeZone: string, atMs: number): Pick<Day, 'startMs' | 'endMs'> {
  const start = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).startOfDay();
  return { startMs: start.epochMilliseconds, endMs: start.add({ days: 1 }).startOfDay().epochMilliseconds };
}
