import { expect, test } from 'vitest';
import { spanOf } from './call-range.ts';

test('days begin at midnight in the organization’s zone, on the day of a clock change too', () => {
  const zone = 'Europe/Stockholm';
  const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
  const noon = at('2026-03-29T12:00:00Z');
  expect(spanOf('today', zone, noon)).toEqual({ fromMs: at('2026-03-28T23:00:00Z'), toMs: at('2026-03-29T22:00:00Z') });
  expect(spanOf('week', zone, noon).fromMs).toBe(at('2026-03-22T23:00:00Z'));
  // Of a year, the last 31 days.
  expect(spanOf({ from: '2025-03-01', to: '2026-02-28' }, zone, noon)).toEqual({
    fromMs: at('2026-01-28T23:00:00Z'),
    toMs: at('2026-02-28T23:00:00Z')
  });
});
