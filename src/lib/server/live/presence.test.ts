import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import { createPresences } from './presence.ts';

const agent = [id.agent('anna'), id.device('d')] as const;
let told: [string, boolean, boolean][];
let answers: boolean;
const presences = () =>
  createPresences((page, here, anew) => {
    told.push([page.id, here, anew]);
    return Promise.resolve(answers);
  });

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  answers = true;
});
afterEach(() => void vi.useRealTimers());

test('a page that goes is told after a grace, each by an id of its own', async () => {
  const all = presences();
  const first = all.arrive(...agent);
  const second = all.arrive(...agent);
  first.leave();
  await vi.advanceTimersByTimeAsync(1_499);
  expect(told.map(([, here]) => here)).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(1);
  const [one, two] = told.map(([page]) => page);
  expect(one).not.toBe(two);
  expect(told.at(-1)).toEqual([one, false, false]);
  second.leave();
  all.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(3);
});

test('what the worker did not answer is told anew, for a while', async () => {
  answers = false;
  const page = presences().arrive(...agent);
  await vi.advanceTimersByTimeAsync(0);
  page.refresh();
  await vi.advanceTimersByTimeAsync(0);
  answers = true;
  page.refresh();
  await vi.advanceTimersByTimeAsync(0);
  page.refresh();
  expect(told.map(([, , anew]) => anew)).toEqual([false, true, true, false]);
  answers = false;
  told = [];
  page.leave();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(told.map(([, here, anew]) => [here, anew])).toEqual(
    Array.from({ length: 20 }, (_, index) => [false, index > 0])
  );
});
