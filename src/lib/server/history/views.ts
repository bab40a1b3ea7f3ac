import type { Fact } from '#lib/acd/facts.ts';
import { foldView, saveView, type View } from '#lib/live/checkpoint.ts';
import type { Position } from '#lib/server/cell/facts-stream.ts';
import { withSnapshot, type Database } from '#lib/server/db/index.ts';
import { readView } from './read-view.ts';

/** Views kept at hand; those of other organizations are read again when they have facts. */
const keptMost = 200;

/**
 * The views of a cell's organizations as of the cursor, from which checkpoints are written. Good only as long as each
 * batch follows the one before: after a failure, or when another process has been at it, they are read again.
 */
export function createViews(options: { db: Database; cell: number }) {
  const views = new Map<string, { view: View; fromMs: number | null }>();
  /** What the batch has brought so far: none of it can be read yet. */
  const taken = new Map<string, { fromMs: number; facts: Fact[] }>();
  let at: Position | null = null;

  async function make(organizationId: string, atMs: number): Promise<{ view: View; fromMs: number | null }> {
    // The organization's own zone is among its facts.
    const of = { organizationId, cell: options.cell, timeZone: 'UTC', nowMs: atMs };
    const { view, fromMs } = await withSnapshot(options.db, organizationId, (tx) => readView(tx, of));
    const since = taken.get(organizationId);
    for (const fact of since?.facts ?? []) foldView(view, fact);
    return { view, fromMs: since?.fromMs ?? fromMs };
  }

  return {
    /** A batch after `cursor` begins. */
    begin(cursor: Position): void {
      if (at?.epoch !== cursor.epoch || at.n !== cursor.n) views.clear();
      taken.clear();
      at = null;
    },
    /**
     * Takes the facts of one chunk in. `checkpoint`: the view before them, for the first chunk of a quarter; otherwise
     * null. `refused`: those that cannot be folded; kept, they would break every reader.
     */
    async take(
      organizationId: string,
      fromMs: number,
      facts: Fact[]
    ): Promise<{ checkpoint: string | null; refused: Map<Fact, string> }> {
      const known = views.get(organizationId) ?? (await make(organizationId, facts[0]?.atMs ?? fromMs));
      const checkpoint = known.fromMs === fromMs ? null : saveView(known.view);
      const refused = new Map<Fact, string>();
      for (const fact of facts) {
        try {
          foldView(known.view, fact);
        } catch (error) {
          refused.set(fact, String(error));
        }
      }
      const good = facts.filter((fact) => !refused.has(fact));
      const before = taken.get(organizationId)?.facts ?? [];
      if (good.length > 0) taken.set(organizationId, { fromMs, facts: [...before, ...good] });
      views.delete(organizationId);
      // One that was left in the middle of a fact is made anew.
      if (refused.size === 0) views.set(organizationId, { view: known.view, fromMs });
      return { checkpoint, refused };
    },
    /** It is stored, and the cursor has moved. */
    done(cursor: Position): void {
      at = cursor;
      while (views.size > keptMost) views.delete(views.keys().next().value as string);
    }
  };
}
export type Views = ReturnType<typeof createViews>;
