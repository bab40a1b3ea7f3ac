import type { Clock, Timer } from './clock.ts';

/** Deadlines by key, served by one timer: a heap of times, entries that were replaced or cancelled being skipped. */
export interface Deadlines {
  set(key: string, atMs: number): void;
  cancel(key: string): void;
  stop(): void;
}

/** A timer may come this early by rounding; asking again at once would spin. */
const leastWaitMs = 1;

export function createDeadlines(clock: Clock, nowMs: () => number, due: (key: string) => void): Deadlines {
  const current = new Map<string, number>();
  const heap: { key: string; atMs: number }[] = [];
  let timer: Timer | null = null;
  let timerAtMs = Infinity;

  function arm(): void {
    // Those replaced or cancelled leave the heap as they come to the top.
    while (heap[0] && current.get(heap[0].key) !== heap[0].atMs) pop(heap);
    const next = heap[0]?.atMs ?? Infinity;
    if (next === timerAtMs) return;
    timer?.cancel();
    timer = null;
    timerAtMs = next;
    if (next !== Infinity) timer = clock.after(Math.max(leastWaitMs, next - nowMs()), fire);
  }

  function fire(): void {
    timer = null;
    timerAtMs = Infinity;
    for (let first = heap[0]; first && first.atMs <= nowMs(); first = heap[0]) {
      pop(heap);
      if (current.get(first.key) !== first.atMs) continue;
      current.delete(first.key);
      due(first.key);
    }
    arm();
  }

  return {
    set(key, atMs) {
      current.set(key, atMs);
      push(heap, { key, atMs });
      arm();
    },
    cancel(key) {
      if (current.delete(key)) arm();
    },
    stop() {
      timer?.cancel();
      timer = null;
      timerAtMs = Infinity;
      current.clear();
      heap.length = 0;
    }
  };
}

type Entry = { key: string; atMs: number };

/** Ties by key, so that what is due at the same moment comes in the same order everywhere. */
const before = (a: Entry, b: Entry) => a.atMs < b.atMs || (a.atMs === b.atMs && a.key < b.key);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(entry, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
    if (!before(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
