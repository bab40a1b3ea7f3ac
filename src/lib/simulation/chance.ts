import type { Model } from './erlang.ts';
import { createHeap } from './heap.ts';
import type { Random } from './random.ts';

const runs = 200;

/**
 * What chance alone makes of the share of callers who wait longer than `seconds`, over so many calls of a model without
 * patience: its standard deviation, by the plainest queue there is (first come, first served, nothing of ours in it), in
 * runs of a tenth as many calls, as the variance of a mean goes with their number.
 */
export function chanceOfLate(model: Model, seconds: number, calls: number, random: Random): number {
  const { servers, load, handleSeconds } = model;
  const exponential = (mean: number) => -mean * Math.log(1 - random.next());
  const freeAt = createHeap<null>();
  for (let server = 0; server < servers; server += 1) freeAt.push(0, null);
  let now = 0;
  const shareOf = (count: number) => {
    let late = 0;
    for (let call = 0; call < count; call += 1) {
      now += exponential(handleSeconds / load);
      const from = Math.max(now, freeAt.pop()!.atMs);
      if (from - now > seconds) late += 1;
      freeAt.push(from + exponential(handleSeconds), null);
    }
    return late / count;
  };
  const perRun = Math.ceil(calls / 10);
  shareOf(perRun); // it begins empty
  const shares = Array.from({ length: runs }, () => shareOf(perRun));
  const mean = shares.reduce((sum, share) => sum + share, 0) / runs;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (runs - 1);
  return Math.sqrt(variance / 10);
}
