import { expect, test } from 'vitest';
import { compare, skillGain } from '#lib/simulation/theory.ts';

/** Short ones with fixed seeds; `npm run sim -- --theory` runs the books' models at full length. */
test.each([
  ['Erlang-C', { servers: 5, load: 4, handleSeconds: 5, patienceSeconds: null }, 600],
  ['Erlang-A', { servers: 5, load: 5, handleSeconds: 60, patienceSeconds: 60 }, 500]
] as const)('the matcher shares calls out as %s says', (_, model, calls) => {
  const { figures } = compare(model, 1, calls);
  expect(figures.filter(({ holds }) => !holds)).toEqual([]);
  // Were the errors large, anything would hold.
  for (const { figure, measured, theory } of figures)
    expect(measured.error, figure).toBeLessThan(Math.max(theory * 0.12, 0.001));
});

test('a second skill brings nearly all of the gain', () => {
  expect(skillGain(1, 300).gain).toBeGreaterThan(0.85);
});
