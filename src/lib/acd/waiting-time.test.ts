import { expect, test } from 'vitest';
import { adaptBand, firstBand, mayBeSaid, mostPredicted, outlookAt, rangeOf, wordsFor } from './waiting-time.ts';

const minute = 60_000;

test('who is k-th waits for k of the agents’ calls to end; givers-up ahead shorten it', () => {
  // 4 agents, 200 s a call: one ends each 50 s.
  expect(outlookAt(1, 4, 200_000, 0)?.meanMs).toBeCloseTo(50_000);
  expect(outlookAt(1, 4, 200_000, 0)?.shape).toBeCloseTo(1);
  expect(outlookAt(3, 4, 200_000, 0)?.meanMs).toBeCloseTo(150_000);
  expect(outlookAt(3, 4, 200_000, 0)?.shape).toBeCloseTo(3);
  // One in 100 s gives up: of two ahead 50 s becomes 1 ÷ (1/50 + 2/100) = 25 s, of one 33.3 s.
  expect(outlookAt(3, 4, 200_000, 1 / 100_000)?.meanMs).toBeCloseTo(50_000 + 33_333.3 + 25_000, 0);
  expect(outlookAt(1, 8, 200_000, 0)?.meanMs).toBeCloseTo(25_000);
});

test('nothing is made of nothing', () => {
  expect(outlookAt(1, 0, 200_000, 0)).toBeNull();
  expect(outlookAt(1, 4, 0, 0)).toBeNull();
  expect(outlookAt(0, 4, 200_000, 0)).toBeNull();
  expect(outlookAt(mostPredicted + 1, 4, 200_000, 0)).toBeNull();
});

test('the range has the quantiles of the distribution it stands for', () => {
  // One exponential: P10 0.105, P90 2.303 of its mean; ten of them: 6.22 and 14.21 of one's (tables of chi-square, halved).
  const one = rangeOf({ meanMs: 100_000, shape: 1 }, firstBand);
  expect(one.lowMs / 100_000).toBeCloseTo(0.105, 1);
  expect(one.highMs / 100_000).toBeCloseTo(2.303, 1);
  const ten = rangeOf({ meanMs: 10, shape: 10 }, firstBand);
  expect(ten.lowMs).toBeCloseTo(6.22, 1);
  expect(ten.highMs).toBeCloseTo(14.21, 1);
});

test('a range learns to hold four in five, whatever the talks are like', () => {
  // All take just as long as the mean says: the range was far too wide.
  let band = firstBand;
  const outlook = { meanMs: 100_000, shape: 4 };
  for (let n = 0; n < 3_000; n += 1) band = adaptBand(band, rangeOf(outlook, band), 95_000 + (n % 11) * 1_000);
  let inside = 0;
  for (let n = 0; n < 1_100; n += 1) {
    const waitedMs = 95_000 + (n % 11) * 1_000;
    const range = rangeOf(outlook, band);
    if (waitedMs >= range.lowMs && waitedMs <= range.highMs) inside += 1;
    band = adaptBand(band, range, waitedMs);
  }
  expect(inside / 1_100).toBeGreaterThan(0.77);
  expect(inside / 1_100).toBeLessThan(0.83);
});

test.each([
  [0.1, 0.8, { fromMinutes: 0, toMinutes: 1 }],
  [0.5, 2.2, { fromMinutes: 0, toMinutes: 3 }],
  [3.4, 4.0, { fromMinutes: 4, toMinutes: 4 }],
  [5.2, 7.5, { fromMinutes: 5, toMinutes: 8 }],
  [9.8, 11.2, { fromMinutes: 9, toMinutes: 15 }],
  [14, 22, { fromMinutes: 10, toMinutes: 25 }],
  [33, 58, { fromMinutes: 30, toMinutes: 60 }],
  [100, 150, null]
])('%f to %f minutes is told as %o', (low, high, words) => {
  expect(wordsFor({ lowMs: low * minute, highMs: high * minute })).toEqual(words);
});

test('P9: never longer than was said, and not the same again', () => {
  const said = { fromMinutes: 3, toMinutes: 5 };
  expect(mayBeSaid(said, null)).toBe(true);
  expect(mayBeSaid(said, said)).toBe(false);
  expect(mayBeSaid({ fromMinutes: 2, toMinutes: 4 }, said)).toBe(true);
  expect(mayBeSaid({ fromMinutes: 2, toMinutes: 5 }, said)).toBe(true);
  expect(mayBeSaid({ fromMinutes: 2, toMinutes: 6 }, said)).toBe(false);
  expect(mayBeSaid({ fromMinutes: 4, toMinutes: 5 }, said)).toBe(false);
});
