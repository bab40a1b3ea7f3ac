import { expect, test } from 'vitest';
import { simulate } from '#lib/simulation/simulate.ts';

const seeds = 200;

test(`${seeds} seeds hold every rule, and all comes to an end`, async () => {
  const failed: string[] = [];
  let answered = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const result = await simulate(seed);
    answered += result.answered;
    if (result.failures.length > 0) failed.push(`seed ${seed}: ${result.failures.join('; ')}`);
  }
  expect(failed).toEqual([]);
  // Were nobody ever answered, the rules would be easily kept.
  expect(answered).toBeGreaterThan(seeds * 5);
}, 120_000);

test('a seed goes the same way again, byte for byte, however closely it is watched', async () => {
  const first = await simulate(7);
  expect(await simulate(7)).toEqual(first);
  expect((await simulate(7, { wholeShare: 1 })).digest).toBe(first.digest);
  expect((await simulate(8)).digest).not.toBe(first.digest);
});
