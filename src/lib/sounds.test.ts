import { expect, test } from 'vitest';
import { ownPlayLimitMs } from '#lib/acd/announcements.ts';
import { mostMs } from './sounds.ts';

test('P25: an announcement of one’s own is heard to its end, and what is spoken after it', () => {
  expect(ownPlayLimitMs).toBeGreaterThanOrEqual(mostMs.announcement + 30_000);
});
