import type { Figure } from '../../src/cli/bench.ts';
import { Problem } from '../../src/runtime/problem.ts';

/** The smallest value that `share` of the samples do not exceed. */
export function percentile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** A percentile against its upper limit; refuses to speak of p99 from a handful. */
export function atMost(
  name: string,
  samples: number[],
  share: number,
  limit: number,
  least: number,
  unit = 'ms'
): Figure {
  if (samples.length < least) throw new Problem(`${name}: ${samples.length} samples are too few, ${least} are needed.`);
  const value = Math.round(percentile(samples, share) * 10) / 10;
  return { name, unit, value, aim: `<= ${limit}`, holds: value <= limit, samples: samples.length };
}
