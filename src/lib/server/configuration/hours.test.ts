import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import { createHours, type Hours } from './hours.ts';
import { plainRule, type ScheduleValue } from '#lib/hours/schedule.ts';

const told: string[] = [];
let hours: Hours;

function schedule(toMinute: number): ScheduleValue {
  return {
    type: 'schedule',
    id: id.schedule('office'),
    organizationId: id.organization('nordhamn'),
    name: 'Office',
    timeZone: 'Europe/Stockholm',
    rules: [plainRule({ frequency: 'daily', intervals: [{ fromMinute: 480, toMinute }] })]
  };
}

beforeEach(() => {
  told.length = 0;
  vi.useFakeTimers({ now: new Date('2026-03-12T07:58:00+01:00') });
  hours = createHours({
    nowMs: () => Date.now(),
    emit: (event) => told.push(`${event.open ? 'open' : event.reason} ${new Date(event.untilMs ?? 0).toISOString()}`)
  });
});
afterEach(() => {
  hours.stop();
  vi.useRealTimers();
});

test('tells the state at once, then each opening and closing at its minute', () => {
  hours.set(schedule(600));
  expect(told).toEqual(['outside-hours 2026-03-12T07:00:00.000Z']);
  vi.advanceTimersByTime(119_999);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(told.slice(1)).toEqual(['open 2026-03-12T09:00:00.000Z']);
  vi.advanceTimersByTime(2 * 3_600_000);
  expect(told.slice(2)).toEqual(['outside-hours 2026-03-13T07:00:00.000Z']);
});

test('a schedule saved without a change of its state says nothing', () => {
  hours.set(schedule(600));
  hours.set({ ...schedule(600), name: 'Renamed' });
  expect(told).toHaveLength(1);
});

test('another closing time is told at once', () => {
  vi.setSystemTime(new Date('2026-03-12T09:00:00+01:00'));
  hours.set(schedule(600));
  hours.set(schedule(660));
  expect(told).toEqual(['open 2026-03-12T09:00:00.000Z', 'open 2026-03-12T10:00:00.000Z']);
});

test('hours that cannot be evaluated count as open, are told, and are tried again', () => {
  hours.set({ ...schedule(600), timeZone: 'Mars/Olympus' });
  expect(told).toEqual(['open 1970-01-01T00:00:00.000Z']);
  expect(hours.broken()).toBe(1);
  // The others are looked at as ever.
  hours.set({ ...schedule(600), id: id.schedule('other') });
  vi.advanceTimersByTime(120_000);
  expect(told.slice(1)).toEqual(['outside-hours 2026-03-12T07:00:00.000Z', 'open 2026-03-12T09:00:00.000Z']);
  hours.set(schedule(600));
  expect(hours.broken()).toBe(0);
  expect(told.slice(3)).toEqual(['open 2026-03-12T09:00:00.000Z']);
});

test('a removed schedule says no more', () => {
  hours.set(schedule(600));
  hours.remove('office');
  vi.advanceTimersByTime(3_600_000);
  expect(told).toHaveLength(1);
});
