import type { Click, ClickCode } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import type { AgentId, CallerToken, OrganizationId } from '#lib/acd/ids.ts';
import type { EntityKey } from '#lib/acd/state.ts';

/**
 * Where a cell keeps what must outlive it. Two adapters: Redis, and memory for the simulator and tests. Every method
 * rejects when the store cannot be reached; the cell then goes on in memory (design.md, *Redis away*).
 */
export interface CellStore {
  /**
   * Takes the lease with an epoch larger than any known, `knownEpoch` included. null while another holds it, unless
   * `takeOver`: for a parent that has just ended the holder itself; the larger epoch fences it all the same.
   */
  lease(options: { knownEpoch: number; takeOver: boolean }): Promise<number | null>;
  /** False: another has a larger epoch. */
  renew(epoch: number): Promise<boolean>;
  /** Gives the lease up, so that the next need not wait for its end. */
  release(epoch: number): Promise<void>;
  /** All entities, the shell's own included. */
  load(): Promise<Map<EntityKey, string>>;
  /** All of it or nothing. Safe to repeat with the same facts. */
  commit(commit: Commit): Promise<CommitResult>;
  /** The token that stands for a number in an organization; at first `kept`, which it had in a store that was lost, or a new one. */
  callerToken(
    organizationId: OrganizationId,
    caller: { number: string; name: string | null },
    kept?: CallerToken
  ): Promise<CallerToken>;
  /** null: unknown, or erased. */
  caller(token: CallerToken): Promise<{ number: string; name: string | null } | null>;
  /** Clicks after `afterId`, oldest first; waits for the first one for at most some seconds, then gives none. */
  readCommands(afterId: string): Promise<IncomingCommand[]>;
  reply(reply: Reply): Promise<void>;
  close(): Promise<void>;
}

export interface Commit {
  epoch: number;
  /** The facts are of this earlier epoch, and keep their ids: brought in from the journal of a worker that died. */
  of?: number;
  facts: { n: number; fact: Fact }[];
  set: [EntityKey, string][];
  remove: EntityKey[];
  /** The state is written anew: what is not in `set` goes. */
  replace: boolean;
}
/**
 * Nothing is written unless `done`. `fenced`: another epoch rules. `emptied`: the store has lost all it had; write it
 * whole, with `replace`. `late`: the store has facts of an epoch after `of`, so that these can no longer come in order.
 */
export type CommitResult = 'done' | 'fenced' | 'emptied' | 'late';

export interface IncomingCommand {
  /** Place in the stream. */
  id: string;
  commandId: string;
  agentId: AgentId;
  /** When it was sent, by the store's wall clock, and how long after it is of use to nobody. */
  sentAtMs: number;
  deadlineMs: number;
  /** null: not to be read. */
  body: Click | null;
}

/** `factId` is `epoch-n` of the last fact the click led to; null: nothing had to change. */
export type Reply =
  | { commandId: string; ok: true; factId: string | null }
  | { commandId: string; ok: false; code: ClickCode | 'worker-unavailable' };

export const leaseMs = 3_000;
