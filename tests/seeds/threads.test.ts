import { expect, test } from 'vitest';
import type { SimulationResult } from '#lib/simulation/simulate.ts';
import { runSeeds } from '../../src/cli/sim-threads.ts';

test('a seed that takes its thread with it has failed, and all others are still done', async () => {
  const told: SimulationResult[] = [];
  await runSeeds({
    from: 1,
    seeds: 100,
    threads: 2,
    settings: { whole: false, trace: false },
    tell: (result) => void told.push(result),
    line: () => undefined,
    thread: new URL('./thread-that-dies.ts', import.meta.url),
    limitMs: 3_000
  });
  expect(told.map(({ seed }) => seed)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  const failed = told.filter(({ failures }) => failures.length > 0);
  expect(failed.map(({ seed, failures }) => [seed, ...failures])).toEqual([
    [5, 'the simulator itself failed: Error: seed five'],
    [11, 'the simulator itself failed: Error: its thread ended with 3'],
    [17, 'the simulator itself failed: Error: no result within 3 s']
  ]);
});
