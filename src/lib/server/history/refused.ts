import type postgres from 'postgres';
import type { PlacedFact } from '#lib/server/cell/facts-stream.ts';
import { writeFacts, type People } from './write.ts';

/** A fact that cannot be stored, and why: Postgres's error code, or the message of our own. */
export interface Refused {
  entry: PlacedFact;
  reason: string;
}

/** More refused in one batch than this is no fault of the facts: history stands still and its lag tells. */
const refusedMost = 50;

/**
 * Writes the facts' rows. One that Postgres refuses must not stop all that come after it: the batch is halved until it
 * stands alone, and the rest is written. Rejects for what heals by itself (no connection, a deadlock, no space) or is
 * wrong with the database as a whole (a missing table).
 */
export async function sift(
  sql: postgres.TransactionSql,
  cell: number,
  entries: PlacedFact[],
  people: People
): Promise<Refused[]> {
  const refused: Refused[] = [];
  const write = async (some: PlacedFact[]): Promise<void> => {
    const [entry] = some;
    if (!entry) return;
    try {
      const facts = some.map(({ fact }) => fact);
      await sql.savepoint((inner) => writeFacts(inner, cell, facts, people));
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === null || refused.length >= refusedMost) throw error;
      if (some.length === 1) return void refused.push({ entry, reason });
      const half = some.length >> 1;
      await write(some.slice(0, half));
      await write(some.slice(half));
    }
  };
  await write(entries);
  return refused;
}

/** Why this data can never be stored; null: another time it may. Classes 21, 22 and 23 are about values (Postgres, appendix A). */
function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (!('code' in error)) return error.message.slice(0, 100); // ours: a fact of a kind or shape that this code does not know
  return /^(21|22|23)[0-9A-Z]{3}$/.test(String(error.code)) ? String(error.code) : null;
}

/** Keeps what was refused, to be looked at and told by `/health`. As bytes: its text may be the very thing that is refused. */
export async function setAside(sql: postgres.TransactionSql, cell: number, refused: Refused[]): Promise<void> {
  for (const { entry, reason } of refused) {
    const { organizationId, type } = entry.fact;
    await sql`insert into refused_fact (cell, epoch, n, organization_id, type, reason, fact)
      values (${cell}, ${entry.at.epoch}, ${entry.at.n}, ${organizationId}, ${type}, ${reason}, ${Buffer.from(JSON.stringify(entry.fact))})
      on conflict do nothing`;
  }
}
