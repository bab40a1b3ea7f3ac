import type { VisitOutcome } from './facts.ts';
import type { OrganizationId, QueueId } from './ids.ts';
import { configured } from './indexes.ts';
import { placeOf, poolOf } from './pools.ts';
import type { DayOfErrors, Mean, Offer, Pace, Prediction, Visit } from './state.ts';
import { putVisit, tell } from './turn.ts';
import type { Turn } from './turn.ts';
import { adaptBand, firstBand, outlookAt, rangeOf, type Outlook, type Predictor } from './waiting-time.ts';

/*
 * How fast a queue goes, learnt from what happens in it; and what its callers are therefore to expect (P9, B5). Three
 * ways of telling are kept side by side, each from the same instant, and the one that erred least on earlier days is used.
 */

/** Calls that the pace remembers: an hour of ten agents with talks of three minutes. It follows what changes in a day. */
const paceMemory = 200;
/**
 * Calls that the handle time remembers: days of them, so that what it errs by its own chance is small. Where handle times
 * change, the pace errs less, and the days before say so.
 */
const handleMemory = 3_000;
/** B5: with less than so many nothing is predicted, nor said. */
export const leastCalls = 20;
/** Visits after which how many give up counts half. */
const leavingMemory = 200;
/** Days by whose errors the way of telling is chosen, and how many predictions they must have. */
const daysMost = 7;
const leastErrors = 30;

const predictors: Predictor[] = ['pace', 'handle', 'average'];

export function paceOf(turn: Turn, queueId: QueueId, organizationId: OrganizationId): Pace {
  return turn.state.pace.get(queueId) ?? emptyPace(queueId, organizationId);
}

function emptyPace(id: QueueId, organizationId: OrganizationId): Pace {
  return {
    v: 1,
    id,
    organizationId,
    handle: { count: 0, ms: 0 },
    cycle: { count: 0, ms: 0 },
    busySinceMs: null,
    averageSeconds: 0,
    left: 0,
    waitedMs: 0,
    band: firstBand,
    used: 'handle',
    today: noErrors(),
    days: []
  };
}

const noErrors = (): DayOfErrors => ({ count: 0, squares: { pace: 0, handle: 0, average: 0 } });

/** Of a queue that has been removed, whose last calls still end, nothing is kept. */
function putPace(turn: Turn, pace: Pace): void {
  if (!configured(turn.state, 'queue', pace.id)) return;
  turn.state.pace.set(pace.id, pace);
  turn.changed.add(`pace:${pace.id}`);
}

export function dropPace(turn: Turn, queueId: QueueId): void {
  if (turn.state.pace.delete(queueId)) turn.changed.add(`pace:${queueId}`);
}

function add({ count, ms }: Mean, sampleMs: number, memory: number): Mean {
  const next = Math.min(count + 1, memory);
  return { count: next, ms: ms + (sampleMs - ms) / next };
}

/** An agent was busy with a call so long, from the first ring to the end of wrap-up. */
export function learnHandling(turn: Turn, offer: Offer, wrapUpMs: number): void {
  const pace = paceOf(turn, offer.queueId, offer.organizationId);
  // A talk that was adopted is older than its offer in this state.
  const sinceMs = Math.min(offer.offeredAtMs, offer.talkSinceMs ?? offer.offeredAtMs);
  putPace(turn, { ...pace, handle: add(pace.handle, turn.nowMs - sinceMs + wrapUpMs, handleMemory) });
}

/** A visit has ended and is no longer among those that wait. */
export function learnFromVisit(turn: Turn, visit: Visit, outcome: VisitOutcome): void {
  const before = paceOf(turn, visit.queueId, visit.organizationId);
  const keep = 1 - 1 / leavingMemory;
  const waitedMs = turn.nowMs - visit.queuedAtMs;
  let pace: Pace = {
    ...before,
    left: before.left * keep + (outcome === 'abandoned' ? 1 : 0),
    waitedMs: before.waitedMs * keep + waitedMs
  };
  if (outcome === 'answered') pace = learnFromAnswer(turn, visit, pace, waitedMs);
  // From one answer to the next somebody waited all the time: then the agents' pace is seen, and nothing else.
  const busySinceMs = !someoneWaits(turn, visit.queueId)
    ? null
    : outcome === 'answered'
      ? turn.nowMs
      : pace.busySinceMs;
  putPace(turn, { ...pace, busySinceMs });
}

function learnFromAnswer(turn: Turn, visit: Visit, pace: Pace, waitedMs: number): Pace {
  const learnt = { ...pace, averageSeconds: averageAfter(pace.averageSeconds, waitedMs) };
  if (pace.busySinceMs !== null) {
    learnt.cycle = add(pace.cycle, (turn.nowMs - pace.busySinceMs) * atWorkIn(turn, visit.queueId), paceMemory);
  }
  const { predicted } = visit;
  if (!predicted) return learnt;
  const sinceMs = turn.nowMs - predicted.atMs;
  return {
    ...learnt,
    band: adaptBand(pace.band, predicted, sinceMs),
    today: countErrors(pace.today, predicted, sinceMs)
  };
}

/** As app_queue reckons it: whole seconds of each wait, a quarter of them, what is over cut off. It begins at 0. */
function averageAfter(averageSeconds: number, waitedMs: number): number {
  return Math.floor((averageSeconds * 3 + Math.floor(waitedMs / 1_000)) / 4);
}

/** Only where all ways had an answer: errors at different instants compare nothing. */
function countErrors(day: DayOfErrors, { expectedMs }: Prediction, waitedMs: number): DayOfErrors {
  const { pace, handle, average } = expectedMs;
  if (pace === null || handle === null || average === null) return day;
  const square = (ms: number) => (ms - waitedMs) ** 2;
  const { squares } = day;
  return {
    count: day.count + 1,
    squares: {
      pace: squares.pace + square(pace),
      handle: squares.handle + square(handle),
      average: squares.average + square(average)
    }
  };
}

/** Somebody waits whom no agent's device rings for: everybody who may take them is busy. */
function someoneWaits(turn: Turn, queueId: QueueId): boolean {
  for (const pool of turn.indexes.pools.get(queueId)?.values() ?? [])
    if (pool.open.items[0]?.ringing === 0) return true;
  return false;
}

/** Agents of a queue who take calls: those of other queues' calls too, for whom `cycle` has been measured so. */
function atWorkIn(turn: Turn, queueId: QueueId): number {
  const crowd = turn.indexes.pools.get(queueId)?.get('')?.crowd;
  return crowd ? crowd.free + crowd.offered + crowd['on-call'] + crowd['wrap-up'] : 0;
}

/** What a caller in this place is to expect from now on; null: too little is known (B5), or they do not wait at all. */
export function predict(turn: Turn, visit: Visit): (Prediction & { place: number; agents: number }) | null {
  const pace = turn.state.pace.get(visit.queueId);
  if (!pace) return null;
  const place = placeOf(turn.indexes, visit);
  // Whoever has a free agent is offered to them in this same turn.
  if (place <= poolOf(turn.state, turn.indexes, visit.queueId, visit.needs).crowd.free) return null;
  const agents = atWorkIn(turn, visit.queueId);
  const prediction = predictBy(pace, place, agents, turn.nowMs);
  return prediction && { ...prediction, place, agents };
}

/** By what the queue has taught, for a place with so many agents at work, none of them free. */
export function predictBy(pace: Pace, place: number, agents: number, nowMs: number): Prediction | null {
  const leaving = pace.waitedMs > 0 ? pace.left / pace.waitedMs : 0;
  const by = ({ count, ms }: Mean) => (count < leastCalls ? null : outlookAt(place, agents, ms, leaving));
  const outlooks: Record<Predictor, Outlook | null> = {
    pace: by(pace.cycle),
    handle: by(pace.handle),
    average: agents === 0 ? null : { meanMs: pace.averageSeconds * 1_000, shape: 1 }
  };
  const used = [pace.used, 'handle' as const, 'pace' as const].find((one) => outlooks[one] !== null);
  const outlook = used && outlooks[used];
  if (!outlook) return null;
  const expectedMs = {
    pace: whole(outlooks.pace),
    handle: whole(outlooks.handle),
    average: whole(outlooks.average)
  };
  const { lowMs, highMs } = rangeOf(outlook, pace.band);
  return { atMs: nowMs, by: used, expectedMs, lowMs: Math.round(lowMs), highMs: Math.round(highMs) };
}

const whole = (outlook: Outlook | null) => (outlook === null ? null : Math.round(outlook.meanMs));

/** Told once for each visit that begins to wait while everybody is busy, for what then happens to be held against it. */
export function predictWaits(turn: Turn): void {
  for (const visitId of turn.toExplain.keys()) {
    const visit = turn.state.visit.get(visitId);
    if (!visit || visit.offers.length > 0 || visit.predicted) continue;
    const prediction = predict(turn, visit);
    if (!prediction) continue;
    const { place, agents, atMs, ...about } = prediction;
    visit.predicted = { atMs, ...about };
    putVisit(turn, visit);
    const { callId, queueId } = visit;
    tell(turn, visit.organizationId, { type: 'predicted', visitId, callId, queueId, place, agents, ...about });
  }
}

/**
 * A new day: from now on the way of telling that has erred least on the days before is used. Every error was made before
 * its outcome was known, and none of today's counts.
 */
export function choosePredictors(turn: Turn, organizationId: OrganizationId): void {
  for (const pace of turn.state.pace.values()) {
    if (pace.organizationId !== organizationId) continue;
    const days = [pace.today, ...pace.days].filter(({ count }) => count > 0).slice(0, daysMost);
    const error = (one: Predictor) => days.reduce((sum, day) => sum + day.squares[one], 0);
    const enough = days.reduce((sum, day) => sum + day.count, 0) >= leastErrors;
    const used = enough ? predictors.reduce((best, one) => (error(one) < error(best) ? one : best)) : pace.used;
    putPace(turn, { ...pace, days, today: noErrors(), used });
  }
}
