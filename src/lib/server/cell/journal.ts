import type { Commit } from './store.ts';

/**
 * Where commits go, in order, while the store is away (design.md, *Redis away*). The first of them carries the whole
 * state, so that it alone leads from any state of the store to that of the worker that wrote it. Two adapters: a file,
 * and memory for the simulator and tests. One writer; a reader may go on beside it.
 */
export interface Journal {
  /** False when it is full or cannot be written: the commit is not in it then. Never rejects. */
  append(commit: Commit): Promise<boolean>;
  /** Commits from a place on, a bounded part at a time; from 0, the first. `next` is the place after them. */
  read(from: number): Promise<{ commits: Commit[]; next: number }>;
  /** The place after the last commit; 0: empty. */
  end(): Promise<number>;
  /** Empties it: all of it is in the store. */
  clear(): Promise<void>;
  /** Takes out of the way what no store takes any more, for somebody to look at. Never rejects. */
  setAside(): Promise<void>;
  /** What has been appended outlives a power cut, too, from here on. */
  sync(): Promise<void>;
  /** False: it is full, or could not be written a moment ago. */
  readonly ready: boolean;
  /** Share of its limit. */
  readonly filled: number;
  close(): Promise<void>;
}

/** Several commits, oldest first, as one that leads to the same. They are of one epoch: of the worker that wrote them. */
export function merge(commits: Commit[]): Commit {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  for (const commit of commits) {
    if (commit.replace) {
      set.clear();
      remove.clear();
    }
    for (const [key, json] of commit.set) {
      set.set(key, json);
      remove.delete(key);
    }
    for (const key of commit.remove) {
      set.delete(key);
      remove.add(key);
    }
  }
  return {
    epoch: commits[0]?.epoch ?? 0,
    facts: commits.flatMap((commit) => commit.facts),
    set: [...set],
    remove: [...remove],
    replace: commits.some((commit) => commit.replace)
  };
}

const factsInMemory = 200_000;
const readAtOnce = 100;

/** Lives as long as the object. */
export function createMemoryJournal(limitFacts = factsInMemory): Journal {
  let commits: Commit[] = [];
  let facts = 0;
  return {
    append(commit) {
      if (facts + commit.facts.length > limitFacts) return Promise.resolve(false);
      commits.push(commit);
      facts += commit.facts.length;
      return Promise.resolve(true);
    },
    read(from) {
      const part = commits.slice(from, from + readAtOnce);
      return Promise.resolve({ commits: part, next: from + part.length });
    },
    end: () => Promise.resolve(commits.length),
    clear() {
      commits = [];
      facts = 0;
      return Promise.resolve();
    },
    setAside() {
      return this.clear();
    },
    sync: () => Promise.resolve(),
    get ready() {
      return facts < limitFacts;
    },
    get filled() {
      return facts / limitFacts;
    },
    close: () => Promise.resolve()
  };
}
