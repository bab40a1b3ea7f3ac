import { expect, test } from 'vitest';
import fc from 'fast-check';
import { SortedSet } from './sorted.ts';

test('holds each item once, in order, whatever is added and removed', () => {
  const step = fc.record({ add: fc.boolean(), item: fc.integer({ min: 0, max: 20 }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const set = new SortedSet<number>((a, b) => a - b);
      const model = new Set<number>();
      for (const { add, item } of steps) {
        if (add) set.add(item);
        else set.remove(item);
        if (add) model.add(item);
        else model.delete(item);
      }
      expect(set.items).toEqual([...model].toSorted((a, b) => a - b));
      for (const item of model) expect(set.items[set.indexOf(item)]).toBe(item);
      expect(set.indexOf(99)).toBe(-1);
    })
  );
});
