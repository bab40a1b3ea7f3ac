import { expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import type { Pace } from '#lib/acd/state.ts';
import { firstBand } from '#lib/acd/waiting-time.ts';
import { organizationId } from '#lib/simulation/values.ts';
import { waitingTimeNow, type QueueNow } from './waiting-time.ts';

const nothing = { count: 0, squares: { pace: 0, handle: 0, average: 0 } };
const learnt: Pace = {
  v: 1,
  id: id.queue('support'),
  organizationId,
  handle: { count: 100, ms: 200_000 },
  cycle: { count: 100, ms: 200_000 },
  busySinceMs: null,
  averageSeconds: 40,
  left: 0,
  waitedMs: 0,
  band: firstBand,
  used: 'pace',
  today: nothing,
  days: []
};
const busy: QueueNow = { waiting: 2, free: 0, agents: 4, pace: learnt };
const now = (change: Partial<QueueNow> | null) =>
  waitingTimeNow(change && { ...busy, ...change }, 'waiting-time', 'en', 0);

test('who comes now is told what the engine would tell them in the last place', () => {
  // 4 agents, 200 s a call: the third waits 150 s on average, 1 to 5 minutes nine times in ten.
  expect(now({})).toEqual({
    type: 'said',
    media: ['waiting-time', 'less-than', 'number-5', 'minutes'],
    place: 3,
    agents: 4
  });
});

test.each<[string, Partial<QueueNow> | null]>([
  ['unknown', null],
  ['nobody-at-work', { agents: 0 }],
  ['free', { waiting: 0, free: 1 }],
  ['too-little', { pace: null }],
  ['too-little', { pace: { ...learnt, cycle: { count: 19, ms: 1 }, handle: { count: 19, ms: 1 } } }],
  ['too-long', { waiting: 900 }],
  ['too-long', { waiting: 1_000 }]
])('silent: %s', (why, change) => {
  expect(now(change)).toEqual({ type: 'silent', why });
});
