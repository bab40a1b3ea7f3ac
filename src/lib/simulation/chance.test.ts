import { expect, test } from 'vitest';
import { chanceOfLate } from './chance.ts';
import { createRandom } from './random.ts';

test('what chance makes of the share of late callers is what runs of one server show, by another rule', () => {
  const random = createRandom(7);
  const exponential = (mean: number) => -mean * Math.log(1 - random.next());
  const [runs, calls] = [1_000, 5_000];
  const shares: number[] = [];
  // Lindley: one's wait is that of who came before, plus their handling, less the time between the two.
  let wait = 0;
  for (let run = 0; run < runs; run += 1) {
    let late = 0;
    for (let call = 0; call < calls; call += 1) {
      wait = Math.max(0, wait + exponential(5) - exponential(5 / 0.7));
      if (wait > 20) late += 1;
    }
    shares.push(late / calls);
  }
  const mean = shares.reduce((sum, one) => sum + one, 0) / runs;
  const deviation = Math.sqrt(shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (runs - 1));
  const model = { servers: 1, load: 0.7, handleSeconds: 5, patienceSeconds: null };
  const chance = chanceOfLate(model, 20, calls * 2, createRandom(1)) * Math.sqrt(2);
  expect(chance / deviation).toBeGreaterThan(0.85);
  expect(chance / deviation).toBeLessThan(1.15);
});
