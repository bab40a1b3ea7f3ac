/** Numbers from a seed (mulberry32): the same everywhere, and good enough to choose faults by. */
export interface Random {
  /** From 0 up to but not including 1. */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the keys, by weight. */
  weighted<K extends string>(weights: Record<K, number>): K;
}

/** Streams of numbers by name, all from one seed: what is drawn from one does not shift what another gives. */
export interface Streams {
  of(name: string): Random;
  /** Each time it is asked for by this name it is another: the first, the second … */
  next(name: string): Random;
}

export function createStreams(seed: number): Streams {
  const times = new Map<string, number>();
  const of = (name: string) => createRandom(hashOf(name, seed));
  return {
    of,
    next(name) {
      const nth = (times.get(name) ?? 0) + 1;
      times.set(name, nth);
      return of(`${name} ${nth}`);
    }
  };
}

/** FNV-1a, of 32 bits; `from` goes on from the hash of what came before. */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick<T>(items: readonly T[]) {
      return items[Math.floor(next() * items.length)] as T;
    },
    weighted(weights) {
      const entries = Object.entries<number>(weights);
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) if ((left -= weight) < 0) return key as never;
      return entries.at(-1)?.[0] as never;
    }
  };
}
