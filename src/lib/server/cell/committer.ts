import type { Engine } from '#lib/acd/engine.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { save } from '#lib/acd/state.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import type { Clock } from './clock.ts';
import type { CellStore } from './store.ts';

/** With the store away, facts wait here; beyond this many the oldest are dropped and counted. */
export const bufferedFactsLimit = 200_000;
/** A commit that takes longer counts as the store being away; calls do not wait for it. */
export const commitLimitMs = 1_000;

export interface Batch {
  facts: Fact[];
  changed: Set<EntityKey>;
}

/**
 * Writes one commit per batch. When the store is away the batch counts as done in memory only, `durable` turns
 * false, and `flush` writes the waiting facts and then the whole state once it is back.
 */
export function createCommitter(options: {
  engine: Engine;
  store: CellStore;
  clock: Clock;
  epoch: number;
  shell: () => string;
}) {
  const { engine, store, clock, epoch } = options;
  let n = 0;
  let waiting: { n: number; fact: Fact }[] = [];
  let durable = true;
  /** The next write must carry the whole state: a commit failed since the last one. */
  let whole = false;
  let dropped = 0;

  function inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = clock.after(commitLimitMs, () => reject(new Error('store-slow')));
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  async function write(batch: Batch | null): Promise<'done' | 'fenced' | 'away'> {
    const sent = waiting;
    const set: [EntityKey, string][] = [];
    const remove: EntityKey[] = [];
    if (whole) set.push(...save(engine.state));
    else {
      for (const key of batch?.changed ?? []) {
        const entity = engine.entity(key);
        if (entity) set.push([key, JSON.stringify(entity)]);
        else remove.push(key);
      }
    }
    set.push(['shell', options.shell()]);
    try {
      const replace = whole;
      const result = await inTime(store.commit({ epoch, facts: sent, set, remove, replace }));
      if (result === 'fenced') return 'fenced';
      if (result === 'emptied') throw new Error('store-emptied');
      waiting = waiting.slice(sent.length);
      if (replace) whole = false;
      durable = !whole;
      return 'done';
    } catch {
      // Away, slow, or emptied: on in memory, and all of it again when it is back.
      whole = true;
      durable = false;
      return 'away';
    }
  }

  return {
    /** Facts get their ids here, in order. Gives the number of the batch's first fact; `away` counts as going on. */
    async commit(batch: Batch): Promise<{ first: number; result: 'done' | 'fenced' | 'away' }> {
      const first = n + 1;
      for (const fact of batch.facts) waiting.push({ n: (n += 1), fact });
      if (waiting.length > bufferedFactsLimit) {
        dropped += waiting.length - bufferedFactsLimit;
        waiting = waiting.slice(-bufferedFactsLimit);
      }
      // While away only `flush` tries, so that calls do not wait for a store that is not there.
      return { first, result: durable ? await write(batch) : 'away' };
    },
    flush: () => write(null),
    get durable() {
      return durable;
    },
    get dropped() {
      return dropped;
    }
  };
}
