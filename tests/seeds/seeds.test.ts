import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { simulate } from '#lib/simulation/simulate.ts';
import type { SimulationResult } from '#lib/simulation/simulate.ts';
import { runSeeds } from '../../src/cli/sim-threads.ts';

const seeds = 120;

test(`${seeds} seeds hold every rule, and all comes to an end`, async () => {
  const results: SimulationResult[] = [];
  await runSeeds({
    from: 1,
    seeds,
    threads: availableParallelism(),
    settings: { whole: false, trace: false },
    tell: (result) => void results.push(result),
    line: () => undefined
  });
  const failed = results.filter(({ failures }) => failures.length > 0);
  expect(failed.map(({ seed, failures }) => `seed ${seed}: ${failures.join('; ')}`)).toEqual([]);
  // In order of seed, and as it goes by itself.
  expect(results.map(({ seed }) => seed)).toEqual(Array.from({ length: seeds }, (_, n) => n + 1));
  expect(results[8]).toEqual(await simulate(9));
  // Were nobody ever answered, the rules would be easily kept.
  expect(results.reduce((sum, { answered }) => sum + answered, 0)).toBeGreaterThan(seeds * 5);
}, 120_000);

test('a seed goes the same way again, byte for byte, however closely it is watched', async () => {
  const first = await simulate(7);
  expect(await simulate(7)).toEqual(first);
  expect((await simulate(7, { wholeShare: 1 })).digest).toBe(first.digest);
  expect((await simulate(8)).digest).not.toBe(first.digest);
});
