import { expect, test } from 'vitest';
import { derive } from './observations.ts';

test('an agent beside a waiting caller, and who was longest idle, are told from SIP alone', () => {
  const derived = derive(
    [
      { kind: 'call', atMs: 100, call: 1 },
      { kind: 'offer', atMs: 110, call: 1, agent: 0 },
      { kind: 'answer', atMs: 150, call: 1, agent: 0 },
      { kind: 'call', atMs: 200, call: 2 },
      { kind: 'offer', atMs: 205, call: 2, agent: 1 },
      { kind: 'answer', atMs: 206, call: 2, agent: 1 },
      { kind: 'call', atMs: 300, call: 3 },
      { kind: 'free', atMs: 400, call: 1, agent: 0 },
      { kind: 'gone', atMs: 401, call: 1, code: 0 },
      { kind: 'free', atMs: 420, call: 2, agent: 1 },
      // Not the longest idle, and 80 ms after an agent was free beside the call.
      { kind: 'offer', atMs: 500, call: 3, agent: 1 },
      { kind: 'gone', atMs: 510, call: 3, code: 0 }
    ],
    2
  );
  expect(derived).toEqual({
    calls: 3,
    offers: 3,
    doubleOffers: 0,
    failed: 1,
    freeBesideWaitingMs: [10, 5, 80],
    waitsMs: [50, 6],
    toLongestIdle: 1,
    choices: 2
  });
});

test('an offer to an agent who has a leg is counted as a double offer', () => {
  const derived = derive(
    [
      { kind: 'call', atMs: 1, call: 1 },
      { kind: 'offer', atMs: 2, call: 1, agent: 0 },
      { kind: 'call', atMs: 3, call: 2 },
      { kind: 'offer', atMs: 4, call: 2, agent: 0 }
    ],
    1
  );
  expect(derived.doubleOffers).toBe(1);
});
