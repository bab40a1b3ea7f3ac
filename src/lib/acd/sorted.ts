/**
 * A set kept in order, as a sorted array: find by halving, insert and remove by one memory move. Chosen over a
 * balanced tree because a queue holds tens to thousands of items, where moving an array is faster than chasing
 * pointers, and because *place* is then an index. `compare` must never give 0 for two different items.
 */
export class SortedSet<T> {
  readonly items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    const at = this.#lowerBound(item);
    const there = this.items[at];
    if (there !== undefined && this.#compare(there, item) === 0) this.items[at] = item;
    else this.items.splice(at, 0, item);
  }

  remove(item: T): boolean {
    const at = this.indexOf(item);
    if (at >= 0) this.items.splice(at, 1);
    return at >= 0;
  }

  /** −1 when it is not in the set. */
  indexOf(item: T): number {
    const at = this.#lowerBound(item);
    const there = this.items[at];
    return there !== undefined && this.#compare(there, item) === 0 ? at : -1;
  }

  #lowerBound(item: T): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.items[middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Order of code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
