import { expect, test } from 'vitest';
import { createVirtualClock } from '#lib/simulation/virtual-clock.ts';
import { createDeadlines } from './deadlines.ts';

test('each key fires once, in order of time and then of key; replaced and cancelled ones never', async () => {
  const clock = createVirtualClock(0);
  const fired: string[] = [];
  const deadlines = createDeadlines(
    clock,
    () => clock.elapsedMs(),
    (key) => fired.push(`${clock.elapsedMs()} ${key}`)
  );
  deadlines.set('b', 30);
  deadlines.set('a', 30);
  deadlines.set('later', 20);
  deadlines.set('later', 40);
  deadlines.set('sooner', 50);
  deadlines.set('sooner', 10);
  deadlines.set('gone', 15);
  deadlines.cancel('gone');
  deadlines.cancel('never-set');
  for (let n = 0; n < 100; n += 1) deadlines.set(`many${n}`, 60 + ((n * 37) % 100));
  while (await clock.step(55));
  expect(fired).toEqual(['10 sooner', '30 a', '30 b', '40 later']);
  while (await clock.step(1_000));
  const times = fired.map((line) => Number(line.split(' ')[0]));
  expect(fired).toHaveLength(104);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  deadlines.set('stopped', clock.elapsedMs() + 5);
  deadlines.stop();
  while (await clock.step(2_000));
  expect(fired).toHaveLength(104);
});
