/** What is due first comes out first; of the same time, what went in first. */
export function createHeap<T>() {
  const items: { atMs: number; n: number; what: T }[] = [];
  let made = 0;
  const before = (a: number, b: number) => {
    const [one, other] = [items[a]!, items[b]!];
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.n < other.n);
  };
  const swap = (a: number, b: number) => ([items[a], items[b]] = [items[b]!, items[a]!]);

  return {
    push(atMs: number, what: T): void {
      items.push({ atMs, n: (made += 1), what });
      for (let at = items.length - 1; at > 0;) {
        const parent = (at - 1) >>> 1;
        if (!before(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop(): { atMs: number; what: T } | undefined {
      const first = items[0];
      const last = items.pop();
      if (!first || !last || items.length === 0) return first;
      items[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        if (left >= items.length) return first;
        const child = left + 1 < items.length && before(left + 1, left) ? left + 1 : left;
        if (!before(child, at)) return first;
        swap(child, at);
        at = child;
      }
    }
  };
}
