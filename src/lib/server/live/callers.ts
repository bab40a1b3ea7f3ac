import { Redis } from 'ioredis';
import type { CallerToken } from '#lib/acd/ids.ts';
import type { Lookup } from '#lib/live/live-state.ts';
import type { CallerView } from '#lib/live/topics.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';

const cachedMost = 10_000;
/** An erased person disappears from desks within this (E8). */
const cachedMs = 60_000;

/**
 * Number and name of a token, for desks. Views are made without waiting: an unknown token is asked for and shown as
 * soon as it is there (`arrived`).
 */
export function createCallers(options: {
  redis: string;
  cell: number;
  nowMs: () => number;
  arrived: () => void;
  onError: (error: unknown) => void;
}) {
  const keys = cellKeys(options.cell);
  const redis = new Redis(options.redis, { maxRetriesPerRequest: 1, connectTimeout: 1_000 });
  redis.on('error', (error) => options.onError(error));
  const known = new Map<string, { value: Pick<CallerView, 'number' | 'name'> | null; atMs: number }>();
  const asked = new Set<string>();

  function ask(token: CallerToken): void {
    if (asked.has(token)) return;
    asked.add(token);
    redis
      .get(keys.caller(token))
      .then((text) => {
        known.delete(token);
        known.set(token, {
          value: text ? (JSON.parse(text) as { number: string; name: string | null }) : null,
          atMs: options.nowMs()
        });
        if (known.size > cachedMost) known.delete(known.keys().next().value as string);
        options.arrived();
      })
      .catch((error: unknown) => options.onError(error))
      .finally(() => asked.delete(token));
  }

  const lookup: Lookup = (token) => {
    const found = known.get(token);
    if (!found || options.nowMs() - found.atMs > cachedMs) ask(token);
    return found?.value ?? null;
  };
  return { lookup, close: () => redis.disconnect() };
}
