import type postgres from 'postgres';
import { moment, quarterOf } from './moment.ts';
import { join } from './pack.ts';

/** What one step joins at most, so that its transaction stays short: a batch of history waits for it. */
const chunksMost = 500;
const factsMost = 5_000;
/** Steps are taken for so long at a time; then history has its turn. */
const turnMs = 100;

export interface MergingOptions {
  sql: postgres.Sql;
  cell: number;
  onError: (error: unknown) => void;
}

/**
 * History writes a chunk for each handful of facts. When a quarter of an hour is over, by the time of any facts of the
 * cell, its chunks become few, little by little between the batches. What is left over by a process that ends is done by the next.
 */
export function createMerging({ sql, cell, onError }: MergingOptions) {
  let quarterMs = -Infinity;
  let more = false;

  return {
    /** All facts told from now on are of `atMs` or later. Never rejects: it is no reason for history to stop. */
    async go(atMs: number): Promise<void> {
      if (quarterOf(atMs) > quarterMs) more = true;
      quarterMs = Math.max(quarterMs, quarterOf(atMs));
      try {
        for (const untilMs = performance.now() + turnMs; more && performance.now() < untilMs;)
          more = await mergeStep(sql, cell, quarterMs);
      } catch (error) {
        more = false; // again when the next quarter begins
        onError(error);
      }
    }
  };
}

interface Part {
  epoch: string;
  n: string;
  count: number;
  /** With a checkpoint: the first of its quarter. */
  begins: boolean;
}

/**
 * Joins the first chunks of the oldest quarter, before `beforeMs`, that has not been settled. The joined one has the
 * first one's position and checkpoint, and the last one's end. Gives false when there was nothing to do.
 *
 * Who reads chunks in several statements must see one state of the database (`withSnapshot`).
 */
export async function mergeStep(sql: postgres.Sql, cell: number, beforeMs: number): Promise<boolean> {
  return sql.begin(async (tx) => {
    // As a batch does: one history at a time, and no checkpoint is being made from what is joined here.
    await tx`select 1 from history_cursor where cell = ${cell} for update`;
    const [oldest] = await tx<{ organizationId: string; from: string }[]>`
      select organization_id as "organizationId", "from"::text as "from" from fact_chunk
      where cell = ${cell} and not settled and "from" < ${moment(beforeMs)} order by "from", organization_id limit 1`;
    if (!oldest) return false;
    const quarter = tx`organization_id = ${oldest.organizationId} and cell = ${cell} and "from" = ${oldest.from}::timestamptz`;
    const parts = await tx<Part[]>`
      select first_epoch as epoch, first_n as n, count, checkpoint is not null as begins from fact_chunk
      where ${quarter} and not settled order by first_epoch, first_n limit ${chunksMost}`;
    const length = lengthOf(parts);
    const [first, last] = [parts[0], parts[length - 1]];
    if (!first || !last) return false;
    const only = tx`${quarter} and first_epoch = ${first.epoch} and first_n = ${first.n}`;
    if (length > 1) {
      const chunks = await tx<{ facts: Uint8Array; epoch: string; n: string; count: number }[]>`
        select facts, last_epoch as epoch, last_n as n, count from fact_chunk
        where ${quarter} and (first_epoch, first_n) between (${first.epoch}, ${first.n}) and (${last.epoch}, ${last.n})
        order by first_epoch, first_n`;
      const end = chunks.at(-1);
      const count = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
      const facts = await join(chunks.map((chunk) => chunk.facts));
      await tx`delete from fact_chunk
        where ${quarter} and (first_epoch, first_n) > (${first.epoch}, ${first.n}) and (first_epoch, first_n) <= (${last.epoch}, ${last.n})`;
      await tx`update fact_chunk set last_epoch = ${end?.epoch ?? 0}, last_n = ${end?.n ?? 0}, count = ${count}, facts = ${facts} where ${only}`;
    }
    // Cut off by the limit of a step alone: it may still take in what comes after it.
    if (length < chunksMost) await tx`update fact_chunk set settled = true where ${only}`;
    return true;
  });
}

/** How many of them, from the first on, become one. */
function lengthOf(parts: Part[]): number {
  let facts = 0;
  const end = parts.findIndex(({ count, begins }, at) => {
    facts += count;
    return at > 0 && (begins || facts > factsMost);
  });
  return end < 0 ? parts.length : end;
}
