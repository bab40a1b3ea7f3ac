import type { SpokenWait } from './speech.ts';

/*
 * How long a caller will wait (P9, B5), as numbers alone. Who has place k when everybody at work is busy waits for k of
 * those calls to end: each comes after `cycle ÷ agents` on average, sooner for those ahead who may give up. With talks of
 * any length that is nearly a gamma distribution, from which the range is read.
 */

/** Ways to tell it: by how fast answers come while callers wait; by how long calls keep an agent; as app_queue does. */
export type Predictor = 'pace' | 'handle' | 'average';

export interface Outlook {
  meanMs: number;
  /** Of the gamma distribution: 1 is as uncertain as a single talk, more is surer. */
  shape: number;
}

export interface Range {
  lowMs: number;
  highMs: number;
}

/** Places beyond this are not predicted: what comes of it would be guesswork, and its cost grows with the place. */
export const mostPredicted = 999;

/**
 * @param place 1 for whoever is next
 * @param agents at work in the queue, all busy
 * @param cycleMs from one call of an agent to their next, on average
 * @param leavingPerMs how likely one who waits gives up within a ms
 */
export function outlookAt(place: number, agents: number, cycleMs: number, leavingPerMs: number): Outlook | null {
  if (place < 1 || place > mostPredicted || agents < 1 || !(cycleMs > 0)) return null;
  let meanMs = 0;
  let variance = 0;
  for (let ahead = 0; ahead < place; ahead += 1) {
    const stepMs = 1 / (agents / cycleMs + ahead * leavingPerMs);
    meanMs += stepMs;
    variance += stepMs * stepMs;
  }
  return { meanMs, shape: (meanMs * meanMs) / variance };
}

/** How far out, in standard deviations of the normal distribution, the two ends of a range are taken. */
export interface Band {
  low: number;
  high: number;
}

/** Share of outcomes wanted below the range, and as many above it: P10 to P90. */
export const outsideShare = 0.1;
export const firstBand: Band = { low: -1.2816, high: 1.2816 };
const bandStep = 0.03;
const bandMost = 4;

/** Quantiles of the gamma distribution, by Wilson and Hilferty's cube of a normal one. */
export function rangeOf({ meanMs, shape }: Outlook, band: Band): Range {
  const at = (z: number) => meanMs * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
  return { lowMs: at(band.low), highMs: at(band.high) };
}

/**
 * The band after an outcome: an end that was passed moves out, else it moves in a little, so that in the long run one in
 * ten is passed, whatever the talks of this queue are like.
 */
export function adaptBand(band: Band, { lowMs, highMs }: Range, waitedMs: number): Band {
  const limited = (z: number) => Math.min(bandMost, Math.max(-bandMost, z));
  return {
    low: limited(band.low - bandStep * ((waitedMs < lowMs ? 1 : 0) - outsideShare)),
    high: limited(band.high + bandStep * ((waitedMs > highMs ? 1 : 0) - outsideShare))
  };
}

/** Beyond this no time is told: it would be no help. */
const mostMinutes = 120;

/** A range as it is told, in whole minutes, coarser the longer it is; null: too long to tell. */
export function wordsFor({ lowMs, highMs }: Range): SpokenWait | null {
  const step = (minutes: number) => (minutes > 30 ? 10 : minutes > 10 ? 5 : 1);
  const low = lowMs / 60_000;
  const high = highMs / 60_000;
  const toMinutes = Math.max(1, Math.ceil(high / step(high)) * step(high));
  const fromMinutes = Math.min(toMinutes, Math.floor(low / step(low)) * step(low));
  if (toMinutes > mostMinutes) return null;
  // So near each other that one figure says it: the later one, as nobody minds to be answered sooner.
  const near = fromMinutes > 0 && toMinutes - fromMinutes <= step(high);
  return { fromMinutes: near ? toMinutes : fromMinutes, toMinutes };
}

/** P9: never longer than last said, and not the old one again. */
export function mayBeSaid(wait: SpokenWait, last: SpokenWait | null): boolean {
  if (last === null) return true;
  const longer = wait.toMinutes > last.toMinutes || wait.fromMinutes > last.fromMinutes;
  const same = wait.toMinutes === last.toMinutes && wait.fromMinutes === last.fromMinutes;
  return !longer && !same;
}
