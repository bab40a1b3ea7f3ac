import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type postgres from 'postgres';
import {
  isAfter,
  isWhole,
  placedFact,
  streamId,
  trimToHistory,
  type PlacedFact
} from '#lib/server/cell/facts-stream.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import type { Database } from '#lib/server/db/index.ts';
import { createMerging } from './merge.ts';
import { moment, quarterOf } from './moment.ts';
import { pack } from './pack.ts';
import { readCursor } from './read-view.ts';
import { createViews, type Views } from './views.ts';
import { setAside, sift, type Refused } from './refused.ts';
import type { People } from './write.ts';

const batchMost = 2_000;
const blockMs = 2_000;
/** A transaction and a chunk for each handful of facts would cost more than the facts: so long the next gather. */
const gatherMs = 250;

export interface HistoryOptions {
  redis: string;
  /** A pool of the owner's role, in both its forms. */
  sql: postgres.Sql;
  db: Database;
  cell: number;
  signal: AbortSignal;
  onError: (error: unknown) => void;
  /** After each batch: how far history has come. */
  progressed?: (epoch: number, n: number) => void;
}

/**
 * Follows a cell's facts into Postgres until the signal: a batch, its rows and the cursor in one transaction, entries at
 * or below the cursor skipped, so that each fact counts exactly once whatever is killed when (design.md, *History*).
 */
export async function runHistory(options: HistoryOptions): Promise<void> {
  const keys = cellKeys(options.cell);
  const redis = new Redis(options.redis, { maxRetriesPerRequest: null });
  redis.on('error', (error) => options.onError(error));
  options.signal.addEventListener('abort', () => redis.disconnect());
  const views = createViews(options);
  const merging = createMerging(options);
  let latestMs = 0;
  for (let pauseMs = 100; !options.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      let cursor = await readCursor(options.db, options.cell);
      if (!(await isWhole(redis, keys.facts, cursor)))
        options.onError(new Error(`facts-lost: the stream no longer has what came after ${streamId(cursor)}`));
      while (!options.signal.aborted) {
        const answer = await redis.xread('COUNT', batchMost, 'BLOCK', blockMs, 'STREAMS', keys.facts, streamId(cursor));
        const entries = (answer?.[0]?.[1] ?? []).map(placedFact);
        const last = entries.at(-1);
        if (!last) {
          await merging.go(latestMs);
          continue;
        }
        const people = await callersOf(redis, keys, entries);
        await writeBatch(options, views, entries, people);
        cursor = last.at;
        latestMs = last.fact.atMs;
        pauseMs = 100;
        options.progressed?.(cursor.epoch, cursor.n);
        await trimToHistory(redis, keys.facts, cursor);
        // In a flood it goes on at once, and does nothing else.
        if (entries.length === batchMost) continue;
        await merging.go(latestMs);
        await rest(gatherMs, options.signal);
      }
    } catch (error) {
      if (options.signal.aborted) return;
      options.onError(error);
      await rest(pauseMs, options.signal);
    }
  }
}

/** Over at once when it is to stop. */
const rest = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);

async function writeBatch(options: HistoryOptions, views: Views, entries: PlacedFact[], people: People): Promise<void> {
  const { cell } = options;
  const refused: Refused[] = [];
  const reached = await options.sql.begin(async (sql) => {
    // Another jobs process may be at the same batch: one waits here, and finds its entries done.
    await sql`insert into history_cursor (cell, epoch, n, at) values (${cell}, 0, 0, now()) on conflict (cell) do nothing`;
    const [row] = await sql<
      { epoch: string; n: string }[]
    >`select epoch, n from history_cursor where cell = ${cell} for update`;
    const done = { epoch: Number(row?.epoch ?? 0), n: Number(row?.n ?? 0) };
    const fresh = entries.filter(({ at }) => isAfter(at, done));
    const last = fresh.at(-1)?.at;
    if (!last) return null;
    views.begin(done);
    refused.push(...(await sift(sql, cell, fresh, people)));
    const good = fresh.filter((entry) => !refused.some((one) => one.entry === entry));
    for (const chunk of chunksOf(good)) refused.push(...(await writeChunk(sql, cell, views, chunk)));
    await setAside(sql, cell, refused);
    await sql`update history_cursor set epoch = ${last.epoch}, n = ${last.n}, at = now(), refused = refused + ${refused.length} where cell = ${cell}`;
    return last;
  });
  if (reached) views.done(reached);
  for (const { entry, reason } of refused)
    options.onError(new Error(`fact-refused: ${entry.fact.type} at ${streamId(entry.at)}: ${reason}`));
}

/** By organization and quarter of an hour, in order: should the clock go back over a quarter, there are two of it. */
function chunksOf(entries: PlacedFact[]): PlacedFact[][] {
  const chunks: PlacedFact[][] = [];
  const latest = new Map<string, PlacedFact[]>();
  for (const entry of entries) {
    const { organizationId, atMs } = entry.fact;
    const open = latest.get(organizationId);
    if (open?.[0] && quarterOf(open[0].fact.atMs) === quarterOf(atMs)) open.push(entry);
    else {
      const fresh = [entry];
      latest.set(organizationId, fresh);
      chunks.push(fresh);
    }
  }
  return chunks;
}

/** Those that cannot be folded are left out, and given. */
async function writeChunk(
  sql: postgres.TransactionSql,
  cell: number,
  views: Views,
  entries: PlacedFact[]
): Promise<Refused[]> {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return [];
  const { organizationId } = first.fact;
  const from = quarterOf(first.fact.atMs);
  const facts = entries.map(({ fact }) => fact);
  const { checkpoint, refused } = await views.take(organizationId, from, facts);
  const good = facts.filter((fact) => !refused.has(fact));
  if (good.length > 0)
    await sql`insert into fact_chunk (organization_id, cell, "from", first_epoch, first_n, last_epoch, last_n, count, facts, checkpoint)
      values (${organizationId}, ${cell}, ${moment(from)}, ${first.at.epoch}, ${first.at.n}, ${last.at.epoch}, ${last.at.n}, ${good.length}, ${await pack(good)}, ${checkpoint}::text::jsonb)
      on conflict do nothing`;
  return entries.flatMap((entry) => {
    const reason = refused.get(entry.fact);
    return reason === undefined ? [] : [{ entry, reason }];
  });
}

/** Who stands behind the tokens: kept in Redis for a while, and from here on in the one table that erasure empties (E8). */
async function callersOf(redis: Redis, keys: ReturnType<typeof cellKeys>, entries: PlacedFact[]): Promise<People> {
  const tokens = [
    ...new Set(entries.flatMap(({ fact }) => (fact.type === 'call-arrived' && fact.caller ? [fact.caller] : [])))
  ];
  const texts = tokens.length > 0 ? await redis.mget(tokens.map((token) => keys.caller(token))) : [];
  const people: People = new Map();
  for (const [index, token] of tokens.entries()) {
    const text = texts[index];
    if (text) people.set(token, JSON.parse(text) as { number: string; name: string | null });
  }
  return people;
}
