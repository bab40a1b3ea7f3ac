import { sql } from 'drizzle-orm';
import { createView, foldView, loadView, type View } from '#lib/live/checkpoint.ts';
import { start, type Position } from '#lib/server/cell/facts-stream.ts';
import type { Database, Snapshot, Transaction } from '#lib/server/db/index.ts';
import { unpack } from './pack.ts';

const chunksAtOnce = 100;

export interface HistoryView {
  view: View;
  /** All facts at or below it are in: history's cursor. */
  at: Position;
  /** The quarter (epoch ms) whose checkpoint it was made from; null: from the first fact on. */
  fromMs: number | null;
}

interface ChunkRow extends Record<string, unknown> {
  first_epoch: string;
  first_n: string;
  facts: Uint8Array;
}

/**
 * The view of an organization as history has it: the last checkpoint and the chunks since (at most 15 minutes of
 * facts). `timeZone` and `nowMs` are for an organization of which history knows nothing yet.
 */
export async function readView(
  tx: Snapshot,
  of: { organizationId: string; cell: number; timeZone: string; nowMs: number }
): Promise<HistoryView> {
  const { organizationId, cell } = of;
  const at = await readCursor(tx, cell);
  const [last] = await tx.execute<{ epoch: string; n: string; from_ms: string; checkpoint: string }>(sql`
    select first_epoch as epoch, first_n as n, extract(epoch from "from") * 1000 as from_ms, checkpoint::text as checkpoint
    from fact_chunk
    where organization_id = ${organizationId} and cell = ${cell} and checkpoint is not null
      and (last_epoch, last_n) <= (${at.epoch}, ${at.n})
    order by first_epoch desc, first_n desc limit 1`);
  const saved = last ? loadView(last.checkpoint) : null;
  let view = saved;
  let next: Position = last && saved ? { epoch: Number(last.epoch), n: Number(last.n) } : start;
  for (;;) {
    const chunks = await tx.execute<ChunkRow>(sql`
      select first_epoch, first_n, facts from fact_chunk
      where organization_id = ${organizationId} and cell = ${cell}
        and (first_epoch, first_n) >= (${next.epoch}, ${next.n}) and (last_epoch, last_n) <= (${at.epoch}, ${at.n})
      order by first_epoch, first_n limit ${chunksAtOnce}`);
    for (const { facts } of chunks)
      for (const fact of await unpack(facts)) foldView((view ??= createView(of.timeZone, fact.atMs)), fact);
    const end = chunks.at(-1);
    if (!end || chunks.length < chunksAtOnce) break;
    next = { epoch: Number(end.first_epoch), n: Number(end.first_n) + 1 };
  }
  return { view: view ?? createView(of.timeZone, of.nowMs), at, fromMs: last && saved ? Number(last.from_ms) : null };
}

/** How far history has come in a cell's stream. */
export async function readCursor(db: Database | Transaction, cell: number): Promise<Position> {
  return (await readProgress(db, cell)).at;
}

/** `refused`: facts set aside because they could not be stored. */
export async function readProgress(
  db: Database | Transaction,
  cell: number
): Promise<{ at: Position; refused: number }> {
  const [row] = await db.execute<{ epoch: string; n: string; refused: string }>(
    sql`select epoch, n, refused from history_cursor where cell = ${cell}`
  );
  if (!row) return { at: start, refused: 0 };
  return { at: { epoch: Number(row.epoch), n: Number(row.n) }, refused: Number(row.refused) };
}
