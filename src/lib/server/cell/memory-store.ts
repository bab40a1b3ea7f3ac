import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import type { CallerToken } from '#lib/acd/ids.ts';
import type { Clock } from './clock.ts';
import { leaseMs } from './store.ts';
import type { CellStore, IncomingCommand, Reply } from './store.ts';

/** A store that lives as long as the object: several cells, one after the other or at odds, may use the same. */
export interface MemoryStore extends CellStore {
  readonly state: Map<string, string>;
  readonly facts: { id: string; fact: Fact }[];
  readonly replies: Reply[];
  /** A click, as `web` would send it. */
  send(command: Omit<IncomingCommand, 'id' | 'sentAtMs'>): void;
  /** While away every method rejects. */
  setAway(away: boolean): void;
  /** As if its data had been lost. */
  empty(): void;
  /** What history would know of epochs, though the store be emptied. */
  largestEpoch(): number;
}

export function createMemoryStore(clock: Clock): MemoryStore {
  const state = new Map<string, string>();
  const facts: { id: string; fact: Fact }[] = [];
  const replies: Reply[] = [];
  let tokensMade = 0;
  const commands: IncomingCommand[] = [];
  const tokens = new Map<string, CallerToken>();
  const callers = new Map<CallerToken, { number: string; name: string | null }>();
  const wakers = new Set<() => void>();
  let epoch = 0;
  let largest = 0;
  let leaseUntilMs = 0;
  let last = { epoch: 0, n: 0 };
  let away = false;
  let sent = 0;

  /** Runs it, or rejects while away: as a call over a connection would. */
  const reach = <T>(run: () => T): Promise<T> =>
    away ? Promise.reject(new Error('store-away')) : Promise.resolve().then(run);

  return {
    state,
    facts,
    replies,
    lease: ({ knownEpoch, takeOver }) =>
      reach(() => {
        if (!takeOver && clock.elapsedMs() < leaseUntilMs) return null;
        epoch = Math.max(epoch, knownEpoch, last.epoch) + 1;
        largest = Math.max(largest, epoch);
        leaseUntilMs = clock.elapsedMs() + leaseMs;
        return epoch;
      }),
    renew: (mine) =>
      reach(() => {
        if (epoch !== 0 && mine !== epoch) return false;
        leaseUntilMs = clock.elapsedMs() + leaseMs;
        return true;
      }),
    release: (mine) => reach(() => void (mine === epoch && (leaseUntilMs = 0))),
    load: () => reach(() => new Map(state)),
    commit: (commit) =>
      reach(() => {
        if (epoch === 0 && !commit.replace) return 'emptied';
        if (epoch === 0) epoch = commit.epoch;
        if (commit.epoch !== epoch) return 'fenced';
        const of = commit.of ?? commit.epoch;
        if (last.epoch > of) return 'late';
        for (const { n, fact } of commit.facts) {
          if (last.epoch === of && n <= last.n) continue;
          facts.push({ id: `${of}-${n}`, fact });
          last = { epoch: of, n };
        }
        if (commit.replace) state.clear();
        for (const [key, json] of commit.set) state.set(key, json);
        for (const key of commit.remove) state.delete(key);
        return 'done';
      }),
    callerToken: (organizationId, caller, kept) =>
      reach(() => {
        const key = `${organizationId}:${caller.number}`;
        const token = tokens.get(key) ?? kept ?? id.caller(`t${(tokensMade += 1)}`);
        tokens.set(key, token);
        callers.set(token, caller);
        return token;
      }),
    caller: (token) => reach(() => callers.get(token) ?? null),
    async readCommands(afterId) {
      const found = () => commands.filter((command) => Number(command.id) > Number(afterId));
      if (found().length === 0) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            wakers.delete(wake);
            timer.cancel();
            resolve();
          };
          const timer = clock.after(5_000, wake);
          wakers.add(wake);
        });
      }
      return reach(found);
    },
    reply: (reply) => reach(() => void replies.push(reply)),
    close: () => Promise.resolve(),
    send(command) {
      sent += 1;
      commands.push({ ...command, id: String(sent), sentAtMs: clock.wallMs() });
      for (const wake of wakers) wake();
    },
    largestEpoch: () => largest,
    setAway(next) {
      away = next;
    },
    empty() {
      state.clear();
      tokens.clear();
      callers.clear();
      facts.length = 0;
      epoch = 0;
      last = { epoch: 0, n: 0 };
    }
  };
}
