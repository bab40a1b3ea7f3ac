import { expect, test } from 'vitest';
import { allCalls, callsHref, readFilter } from './filter.ts';

const read = (address: string) => readFilter(new URL(address, 'http://own.invalid').searchParams);

test.each([
  allCalls,
  { ...allCalls, range: 'week' as const, queueId: 'q1', show: 'late' as const },
  {
    range: { from: '2026-03-01', to: '2026-03-12' },
    queueId: 'q1',
    agentId: 'a1',
    show: 'answered' as const,
    digits: '0612'
  }
])('an address leads back to its filter', (filter) => {
  expect(read(callsHref(filter))).toEqual(filter);
});

test('what makes no sense in an address is left out', () => {
  expect(read('/calls?range=days&from=2026-02-30&show=constructor&queue=a%27b&number=12')).toEqual(allCalls);
  expect(read('/calls?range=days&from=2026-03-12&to=2026-03-01').range).toEqual({
    from: '2026-03-01',
    to: '2026-03-12'
  });
  expect(read('/calls?range=days&to=2026-03-01').range).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(read('/calls?number=070-174 06 12').digits).toBe('0701740612');
});
