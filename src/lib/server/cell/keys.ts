/** All Redis keys of a cell, spelled here only. */
export function cellKeys(cell: number) {
  const prefix = `cell:${cell}`;
  return {
    /** String: the epoch that holds the lease; expires. Elects a worker, nothing more. */
    lease: `${prefix}:lease`,
    /** String: the largest epoch given. What fences: a commit of any other is refused. */
    epoch: `${prefix}:epoch`,
    /** Stream: one field `fact` (JSON) per entry, ids `epoch-n`. */
    facts: `${prefix}:facts`,
    /** Hash: entity key → JSON (see `acd/state.ts`), and `shell`. */
    state: `${prefix}:state`,
    /** Stream of clicks from `web`: fields `commandId`, `agentId`, `deadlineMs`, `body` (JSON of a `Click`). */
    commands: `${prefix}:commands`,
    /** Channel: JSON of a `Reply` each. */
    replies: `${prefix}:replies`,
    /** Sorted set: the open pages of an agent's desk, by until when (epoch ms) each counts unless it is heard of again; expires. */
    pages: (agentId: string) => `${prefix}:pages:${agentId}`,
    /** String: token of a caller's number in an organization; expires. */
    token: (organizationId: string, number: string) => `${prefix}:token:${organizationId}:${number}`,
    /** String: JSON of the caller behind a token; expires. */
    caller: (token: string) => `${prefix}:caller:${token}`
  };
}
export type CellKeys = ReturnType<typeof cellKeys>;
