import { expect, test } from 'vitest';
import { createShared } from './shared.ts';

test('who waits for the opening holds it, whoever leaves meanwhile', async () => {
  const closed: number[] = [];
  const shared = createShared<number>((value) => closed.push(value));
  let opened = 0;
  const open = () => Promise.resolve((opened += 1));
  const first = shared.hold('a', open);
  const second = shared.hold('a', open);
  first.release();
  expect(await second.value).toBe(1);
  expect(closed).toEqual([]);
  second.release();
  const third = shared.hold('a', open);
  expect(await third.value).toBe(2);
  expect(closed).toEqual([1]);
  expect(shared.values()).toEqual([third.value]);
});

test('what could not be opened is tried again, and its holders leave the next one alone', async () => {
  const closed: string[] = [];
  const shared = createShared<string>((value) => closed.push(value));
  const failed = shared.hold('a', () => Promise.reject(new Error('away')));
  await expect(failed.value).rejects.toThrow('away');
  const next = shared.hold('a', () => Promise.resolve('there'));
  failed.release();
  expect(await next.value).toBe('there');
  expect(shared.values()).toEqual([next.value]);
  next.release();
  await next.value;
  expect(closed).toEqual(['there']);
});
