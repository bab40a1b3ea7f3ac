import { expect, test } from 'vitest';
import { simulate } from '#lib/simulation/simulate.ts';
import type { SimulationResult } from '#lib/simulation/simulate.ts';
import { runSeeds } from '../../src/cli/sim-threads.ts';

const settings = { whole: false, trace: false };
const noLine = () => undefined;

test('seeds on threads give what they give alone, in order of seed', async () => {
  const told: SimulationResult[] = [];
  await runSeeds({ from: 40, seeds: 4, threads: 2, settings, tell: (result) => void told.push(result), line: noLine });
  const alone: SimulationResult[] = [];
  for (let seed = 40; seed < 44; seed += 1) alone.push(await simulate(seed));
  expect(told).toEqual(alone);
});

test('a seed that takes its thread with it has failed, and all others are still done', async () => {
  const told: SimulationResult[] = [];
  await runSeeds({
    from: 1,
    seeds: 100,
    threads: 2,
    settings,
    tell: (result) => void told.push(result),
    line: noLine,
    thread: new URL('./thread-that-dies.ts', import.meta.url),
    limitMs: 1_000
  });
  expect(told.map(({ seed }) => seed)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  const failed = told.filter(({ failures }) => failures.length > 0);
  expect(failed.map(({ seed, failures }) => [seed, ...failures])).toEqual([
    [5, 'the simulator itself failed: Error: seed five'],
    [11, 'the simulator itself failed: Error: its thread ended with 3'],
    [17, 'the simulator itself failed: Error: no result within 1 s']
  ]);
});
