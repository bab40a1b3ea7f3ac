import { expect, test } from 'vitest';
import { expected } from './erlang.ts';

const rounded = ([servers, load, handleSeconds, patienceSeconds]: [number, number, number, number | null]) => {
  const { wait, meanWaitSeconds, within20, abandoned, occupancy } = expected({
    servers,
    load,
    handleSeconds,
    patienceSeconds
  });
  return [
    wait.toFixed(4),
    meanWaitSeconds.toPrecision(4),
    within20.toFixed(4),
    abandoned.toFixed(4),
    occupancy.toFixed(3)
  ];
};

test.each([
  [
    [10, 9, 180, null],
    ['0.6687', '120.4', '0.4016', '0.0000', '0.900']
  ],
  [
    [50, 47.5, 180, null],
    ['0.6291', '45.29', '0.5235', '0.0000', '0.950']
  ],
  [
    [20, 18, 5, null],
    ['0.5508', '1.377', '0.9998', '0.0000', '0.900']
  ],
  [
    [50, 50, 180, 120],
    ['0.4704', '7.439', '0.8071', '0.0620', '0.938']
  ]
] as const)('the closed form of %j is the one in the books', (model, figures) => {
  expect(rounded([...model])).toEqual([...figures]);
});

test('a load that never comes to rest is refused', () => {
  expect(() => rounded([10, 10, 180, null])).toThrow('patience');
});

test('within one handling time', () => {
  // One server: P(wait > t) = load · e^(−(1 − load) t / handle).
  const model = { servers: 1, load: 0.5, handleSeconds: 5, patienceSeconds: null };
  expect(expected(model).withinHandle).toBeCloseTo(1 - 0.5 * Math.exp(-0.5), 10);
});
