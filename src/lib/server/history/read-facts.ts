import { sql } from 'drizzle-orm';
import type { Fact } from '#lib/acd/facts.ts';
import type { Snapshot } from '#lib/server/db/index.ts';
import { moment, quarterOf } from './moment.ts';
import { unpack } from './pack.ts';

/** Of up to 5,000 facts each (`merge.ts`). */
const chunksAtOnce = 100;

interface ChunkRow extends Record<string, unknown> {
  cell: number;
  epoch: string;
  n: string;
  facts: Uint8Array;
}

/**
 * The facts that history keeps of an organization from one moment to another (epoch ms, both included), in the order of
 * telling. What history has not reached yet is not among them.
 */
export async function* readFacts(
  tx: Snapshot,
  of: { organizationId: string; fromMs: number; toMs: number }
): AsyncGenerator<Fact> {
  const { organizationId, fromMs, toMs } = of;
  const quarter = moment(quarterOf(fromMs));
  let after = { epoch: 0, n: 0, cell: 0 };
  for (;;) {
    const rows = await tx.execute<ChunkRow>(sql`
      select cell, first_epoch as epoch, first_n as n, facts from fact_chunk
      where organization_id = ${organizationId} and "from" >= ${quarter} and "from" <= ${moment(toMs)}
        and (first_epoch, first_n, cell) > (${after.epoch}, ${after.n}, ${after.cell})
      order by first_epoch, first_n, cell limit ${chunksAtOnce}`);
    for (const { facts } of rows)
      for (const fact of await unpack(facts)) if (fact.atMs >= fromMs && fact.atMs <= toMs) yield fact;
    const last = rows.at(-1);
    if (!last || rows.length < chunksAtOnce) return;
    after = { epoch: Number(last.epoch), n: Number(last.n), cell: last.cell };
  }
}
