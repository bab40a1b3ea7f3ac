import { Redis } from 'ioredis';
import type { Alarm } from '#lib/live/topics.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { healthKeys, type WorkerHealth } from '#lib/server/health.ts';

/** What is wrong with the cell as this process sees it. All times are epoch ms; null: it is well. */
export interface Trouble {
  /** Since when figures have stood still: Redis or the worker away, or the stream not followed. */
  staleSinceMs(): number | null;
  /** What goes for a whole cell, and so stands on every wallboard. */
  alarms(): Alarm[];
  /** Whether views get what the stream gets: the feed's word. */
  following(is: boolean): void;
  onChange(listener: () => void): void;
  close(): void;
}

/** The worker renews its lease each second; no lease for so long means that figures stand still. */
const lookEveryMs = 1_000;

/**
 * Looks at Redis each second. One that does not answer by the next look is away, and then nothing that the worker
 * decides can be stored either: that needs no word from the worker, and none could come. Once it answers, the worker
 * says itself when all of it has been stored; until it has said something, nothing is known to have changed.
 */
export function createTrouble(options: {
  redis: string;
  cell: number;
  nowMs: () => number;
  onError: (error: unknown) => void;
}): Trouble {
  const { cell, nowMs, onError } = options;
  const redis = new Redis(options.redis, { maxRetriesPerRequest: 1, connectTimeout: 1_000, enableOfflineQueue: false });
  redis.on('error', onError);
  const listeners = new Set<() => void>();
  let staleSince: number | null = null;
  let notDurableSince: number | null = null;
  let asked = false;
  let following = true;

  const looking = setInterval(() => {
    if (asked) return away();
    asked = true;
    redis
      .mget(cellKeys(cell).lease, healthKeys.worker(cell))
      .then(([lease, health]) => {
        const worker = health ? (JSON.parse(health) as WorkerHealth) : null;
        set(lease === null || !following, worker === null ? notDurableSince !== null : !worker.durable);
      }, away)
      .finally(() => (asked = false))
      .catch(onError);
  }, lookEveryMs);

  const away = () => set(true, true);

  function set(stale: boolean, notDurable: boolean): void {
    const same = stale === (staleSince !== null) && notDurable === (notDurableSince !== null);
    if (same) return;
    staleSince = stale ? (staleSince ?? nowMs()) : null;
    notDurableSince = notDurable ? (notDurableSince ?? nowMs()) : null;
    for (const listener of listeners) listener();
  }

  return {
    staleSinceMs: () => staleSince,
    alarms: () =>
      notDurableSince === null
        ? []
        : [{ code: 'not-durable', level: 'bad', queueName: null, sinceMs: notDurableSince }],
    following(is) {
      following = is;
      // That it is well again is for the next look to say.
      if (!is) set(true, notDurableSince !== null);
    },
    onChange: (listener) => void listeners.add(listener),
    close() {
      clearInterval(looking);
      redis.disconnect();
    }
  };
}
