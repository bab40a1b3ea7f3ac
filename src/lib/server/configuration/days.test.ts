import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDays, type Days } from './days.ts';

const told: string[] = [];
let days: Days;

beforeEach(() => {
  told.length = 0;
  // The night in which the clocks go forward: this day has 23 hours.
  vi.useFakeTimers({ now: new Date('2026-03-28T22:00:00+01:00') });
  days = createDays({
    nowMs: () => Date.now(),
    emit: ({ organizationId, dayStartMs }) => told.push(`${organizationId} ${new Date(dayStartMs).toISOString()}`)
  });
});
afterEach(() => {
  days.stop();
  vi.useRealTimers();
});

test('each organization is told its own midnights, right across a change of the clocks', () => {
  days.set('nordhamn', 'Europe/Stockholm');
  days.set('oslofjord', 'Atlantic/Reykjavik');
  expect(told).toEqual(['nordhamn 2026-03-27T23:00:00.000Z', 'oslofjord 2026-03-28T00:00:00.000Z']);
  vi.advanceTimersByTime(2 * 3_600_000 + 1_000);
  expect(told.slice(2)).toEqual(['nordhamn 2026-03-28T23:00:00.000Z']);
  vi.advanceTimersByTime(23 * 3_600_000);
  expect(told.slice(3)).toEqual(['oslofjord 2026-03-29T00:00:00.000Z', 'nordhamn 2026-03-29T22:00:00.000Z']);
});

test('the same zone again tells nothing, another zone its own day', () => {
  days.set('nordhamn', 'Europe/Stockholm');
  days.set('nordhamn', 'Europe/Stockholm');
  days.set('nordhamn', 'Asia/Tokyo');
  expect(told).toEqual(['nordhamn 2026-03-27T23:00:00.000Z', 'nordhamn 2026-03-28T15:00:00.000Z']);
});
