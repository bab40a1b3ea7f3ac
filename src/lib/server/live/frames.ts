import type { Topic } from '#lib/live/topics.ts';

/** One view as some readers see it, numbered. The frame of a change is built once for all of them. */
export interface Frames {
  /** The whole, for a new reader or one that fell behind. */
  snapshot(nowMs: number): string;
  /** What has changed since the last call; null: nothing. Moves the number on. */
  next(view: object, nowMs: number): string | null;
  n(): number;
}

/** Deltas replace top-level parts of the view: small enough, and no page has to merge lists. */
export function createFrames(topic: Topic, first: object): Frames {
  let parts = split(first);
  let number = 1;
  return {
    snapshot: (nowMs) => `{"type":"snapshot","topic":"${topic}","n":${number},"nowMs":${nowMs},"view":${join(parts)}}`,
    next(view, nowMs) {
      const fresh = split(view);
      const change = new Map([...fresh].filter(([name, text]) => parts.get(name) !== text));
      parts = fresh;
      if (change.size === 0) return null;
      number += 1;
      return `{"type":"delta","topic":"${topic}","n":${number},"nowMs":${nowMs},"change":${join(change)}}`;
    },
    n: () => number
  };
}

const split = (view: object) => new Map(Object.entries(view).map(([name, value]) => [name, JSON.stringify(value)]));
const join = (parts: Map<string, string>) =>
  `{${[...parts].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
