import type { Engine } from '#lib/acd/engine.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { save } from '#lib/acd/state.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import type { Clock } from './clock.ts';
import { merge } from './journal.ts';
import type { Journal } from './journal.ts';
import type { CellStore, Commit } from './store.ts';

/** A commit that takes longer counts as the store being away; calls do not wait for it. */
export const commitLimitMs = 1_000;
/** A disk that hangs must not hold calls either. */
const appendLimitMs = 250;

export interface Batch {
  facts: Fact[];
  changed: Set<EntityKey>;
}
type Written = 'done' | 'fenced' | 'away';

/**
 * Writes one commit per batch. When the store is away commits go into the journal, and `durable` turns false; once it
 * is back they go into the store in order (`drain`, beside the batches), and then the whole state (`finish`, alone).
 */
export function createCommitter(options: {
  engine: Engine;
  store: CellStore;
  /** Empty: what another worker left in it has been brought in before. */
  journal: Journal;
  clock: Clock;
  epoch: number;
  shell: () => string;
}) {
  const { engine, store, journal, clock, epoch } = options;
  let n = 0;
  let durable = true;
  /** The next commit of the journal must carry the whole state: it is the first, or one before it could not be kept. */
  let whole = true;
  /** Up to here the journal is in the store. */
  let drained = 0;
  let dropped = 0;

  function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = clock.after(limitMs, () => reject(new Error('too-slow')));
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  function ofBatch(facts: Commit['facts'], changed: Set<EntityKey>): Commit {
    const set: Commit['set'] = [];
    const remove: EntityKey[] = [];
    for (const key of changed) {
      const entity = engine.entity(key);
      if (entity) set.push([key, JSON.stringify(entity)]);
      else remove.push(key);
    }
    set.push(['shell', options.shell()]);
    return { epoch, facts, set, remove, replace: false };
  }

  function ofAll(facts: Commit['facts']): Commit {
    return { epoch, facts, set: [...save(engine.state), ['shell', options.shell()]], remove: [], replace: true };
  }

  /** Safe to repeat, whether or not it was done: the store skips the facts it has. */
  async function write(commit: Commit): Promise<Written | 'emptied'> {
    try {
      const result = await inTime(store.commit(commit), commitLimitMs);
      return result === 'late' ? 'fenced' : result;
    } catch {
      return 'away';
    }
  }

  async function keep(facts: Commit['facts'], changed: Set<EntityKey>): Promise<void> {
    // The whole state is not made for a journal that would not take it.
    const append = () => inTime(journal.append(whole ? ofAll(facts) : ofBatch(facts, changed)), appendLimitMs);
    const kept = journal.ready && (await append().catch(() => false));
    whole = !kept;
    if (!kept) dropped += facts.length;
  }

  return {
    /** Facts get their ids here, in order. Gives the number of the batch's first fact; `away` counts as going on. */
    async commit(batch: Batch): Promise<{ first: number; result: Written }> {
      const first = n + 1;
      const facts = batch.facts.map((fact) => ({ n: (n += 1), fact }));
      // While away only `drain` and `finish` try, so that calls do not wait for a store that is not there.
      const result = durable ? await write(ofBatch(facts, batch.changed)) : 'away';
      if (result === 'done' || result === 'fenced') return { first, result };
      durable = false;
      await keep(facts, batch.changed);
      return { first, result: 'away' };
    },

    /** Brings what the journal has into the store, up to where it ends by then. Batches may go on meanwhile. */
    async drain(): Promise<Written> {
      for (;;) {
        const { commits, next } = await journal.read(drained);
        if (commits.length === 0) return 'done';
        const result = await write(merge(commits));
        if (result === 'emptied') {
          // From the start again, which carries the whole state.
          drained = 0;
          return 'away';
        }
        if (result !== 'done') return result;
        drained = next;
      }
    },

    /** The last of the journal and the whole state in one commit; `away` when there is still too much of it. No batch may be written beside it. */
    async finish(): Promise<Written> {
      const { commits, next } = await journal.read(drained);
      if (commits.length > 0 && next < (await journal.end())) return 'away';
      const result = await write(ofAll(commits.flatMap((commit) => commit.facts)));
      if (result === 'emptied') return 'away';
      if (result !== 'done') return result;
      // When this fails the journal stays in use: it must never hold less than the store lacks.
      await journal.clear();
      drained = 0;
      whole = true;
      durable = true;
      return 'done';
    },
    get durable() {
      return durable;
    },
    get dropped() {
      return dropped;
    }
  };
}

/**
 * What a worker that died while the store was away has left in its journal: its facts and its state go into the store
 * before anything of ours. `late`: the store has gone on without it; `unreadable`: the disk fails. It has been set
 * aside then, and the cell goes on without: callers wait for no disk. Rejects while the store is away.
 */
export async function bringIn(
  journal: Journal,
  store: CellStore,
  epoch: number
): Promise<'done' | 'fenced' | 'late' | 'unreadable'> {
  const aside = async (why: 'late' | 'unreadable') => (await journal.setAside(), why);
  for (let at = 0; ;) {
    const part = await journal.read(at).catch(() => null);
    if (!part) return aside('unreadable');
    if (part.commits.length === 0) break;
    const left = merge(part.commits);
    const result = await store.commit({ ...left, epoch, of: left.epoch });
    if (result === 'late') return aside(result);
    // It may be long: the lease must not run out over it.
    if (result === 'fenced' || !(await store.renew(epoch))) return 'fenced';
    if (result === 'emptied') throw new Error('store-emptied');
    at = part.next;
  }
  return journal.clear().then(
    () => 'done' as const,
    () => aside('unreadable')
  );
}
