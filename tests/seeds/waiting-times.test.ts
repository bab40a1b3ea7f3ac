import { expect, test } from 'vitest';
import { tellWaits } from '#lib/simulation/waiting-times.ts';

/** Shorter than `npm run bench -- waiting-time`, with room for what chance does to so few. */
test.each([
  [0.7, { agents: 50, load: 50, handleSeconds: 180, patienceSeconds: 120 }],
  [0.5, { agents: 20, load: 20, handleSeconds: 5, patienceSeconds: 30 }]
])('P9, B5: the error is at most %f of app_queue’s, and four in five lie in the range', (most, load) => {
  const { usedSeconds, rmsSeconds, covered, answered } = tellWaits(load, 8_000, 3);
  expect(answered).toBeGreaterThan(2_000);
  expect(usedSeconds / rmsSeconds.average).toBeLessThan(most);
  expect(covered).toBeGreaterThan(0.77);
  expect(covered).toBeLessThan(0.83);
});
