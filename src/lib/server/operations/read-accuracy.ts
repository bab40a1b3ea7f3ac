import { and, eq, gte, isNotNull, sql } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';

/** How right a queue's waiting times have been (B5): of those that were told and answered. */
export interface Accuracy {
  answered: number;
  /** Root of the mean square of the error; null: nothing was told. */
  errorSeconds: number | null;
  /** The same of what app_queue would have told, at the same instants. */
  averageErrorSeconds: number | null;
  /** Answered within P10 to P90, per cent. */
  withinPercent: number | null;
}

const lookBackMs = 7 * 86_400_000;

export async function readAccuracy(
  tx: Transaction,
  organizationId: string,
  queueId: string,
  nowMs: number
): Promise<Accuracy> {
  const { visit } = schema;
  const waitedMs = sql`extract(epoch from ${visit.endedAt} - ${visit.predictedAt}) * 1000`;
  const rms = (of: typeof visit.predictedMs | typeof visit.averageMs) =>
    sql<number | null>`(sqrt(avg((${waitedMs} - ${of}) ^ 2)) / 1000)::float8`;
  const [row] = await tx
    .select({
      answered: sql<number>`count(*)::int`,
      errorSeconds: rms(visit.predictedMs),
      averageErrorSeconds: rms(visit.averageMs),
      withinPercent: sql<
        number | null
      >`(100 * avg((${waitedMs} between ${visit.predictedLowMs} and ${visit.predictedHighMs})::int))::float8`
    })
    .from(visit)
    .where(
      and(
        eq(visit.organizationId, organizationId),
        eq(visit.queueId, queueId),
        gte(visit.queuedAt, new Date(nowMs - lookBackMs)),
        isNotNull(visit.predictedAt),
        eq(visit.outcome, 'answered')
      )
    );
  return row ?? { answered: 0, errorSeconds: null, averageErrorSeconds: null, withinPercent: null };
}
