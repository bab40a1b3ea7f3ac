import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { Redis } from 'ioredis';
import type postgres from 'postgres';
import type { CallerToken } from '#lib/acd/ids.ts';
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
import { chunkMs, moment } from './moment.ts';
import { readCursor } from './read-view.ts';
import { createViews, type Views } from './views.ts';
import { writeFact } from './write.ts';

const compress = promisify(zstdCompress);
const batchMost = 500;
const blockMs = 2_000;

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
  for (let pauseMs = 100; !options.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      let cursor = await readCursor(options.db, options.cell);
      if (!(await isWhole(redis, keys.facts, cursor)))
        options.onError(new Error(`facts-lost: the stream no longer has what came after ${streamId(cursor)}`));
      while (!options.signal.aborted) {
        const answer = await redis.xread('COUNT', batchMost, 'BLOCK', blockMs, 'STREAMS', keys.facts, streamId(cursor));
        const entries = (answer?.[0]?.[1] ?? []).map(placedFact);
        const last = entries.at(-1);
        if (!last) continue;
        const people = await callersOf(redis, keys, entries);
        await writeBatch(options, views, entries, people);
        cursor = last.at;
        pauseMs = 100;
        options.progressed?.(cursor.epoch, cursor.n);
        await trimToHistory(redis, keys.facts, cursor);
      }
    } catch (error) {
      if (options.signal.aborted) return;
      options.onError(error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function writeBatch(
  options: HistoryOptions,
  views: Views,
  entries: PlacedFact[],
  people: Map<CallerToken, { number: string; name: string | null }>
): Promise<void> {
  const { cell } = options;
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
    for (const { fact } of fresh) {
      await writeFact(sql, cell, fact);
      const token = fact.type === 'call-arrived' ? fact.caller : null;
      const person = token === null ? undefined : people.get(token);
      if (token && person)
        await sql`insert into caller (organization_id, token, number, name) values (${fact.organizationId}, ${token}, ${person.number}, ${person.name})
          on conflict do nothing`;
    }
    views.begin(done);
    for (const chunk of chunksOf(fresh)) await writeChunk(sql, cell, views, chunk);
    await sql`update history_cursor set epoch = ${last.epoch}, n = ${last.n}, at = now() where cell = ${cell}`;
    return last;
  });
  if (reached) views.done(reached);
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

/** When its 15 minutes began, epoch ms. */
const quarterOf = (atMs: number) => Math.floor(atMs / chunkMs) * chunkMs;

async function writeChunk(
  sql: postgres.TransactionSql,
  cell: number,
  views: Views,
  entries: PlacedFact[]
): Promise<void> {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return;
  const { organizationId } = first.fact;
  const facts = entries.map(({ fact }) => fact);
  const from = quarterOf(first.fact.atMs);
  const checkpoint = await views.take(organizationId, from, facts);
  const packed = await compress(Buffer.from(facts.map((fact) => JSON.stringify(fact)).join('\n')));
  await sql`insert into fact_chunk (organization_id, cell, "from", first_epoch, first_n, last_epoch, last_n, count, facts, checkpoint)
    values (${organizationId}, ${cell}, ${moment(from)}, ${first.at.epoch}, ${first.at.n}, ${last.at.epoch}, ${last.at.n}, ${entries.length}, ${packed}, ${checkpoint}::text::jsonb)
    on conflict do nothing`;
}

/** Who stands behind the tokens: kept in Redis for a while, and from here on in the one table that erasure empties (E8). */
async function callersOf(
  redis: Redis,
  keys: ReturnType<typeof cellKeys>,
  entries: PlacedFact[]
): Promise<Map<CallerToken, { number: string; name: string | null }>> {
  const tokens = [
    ...new Set(entries.flatMap(({ fact }) => (fact.type === 'call-arrived' && fact.caller ? [fact.caller] : [])))
  ];
  const texts = tokens.length > 0 ? await redis.mget(tokens.map((token) => keys.caller(token))) : [];
  const people = new Map<CallerToken, { number: string; name: string | null }>();
  for (const [index, token] of tokens.entries()) {
    const text = texts[index];
    if (text) people.set(token, JSON.parse(text) as { number: string; name: string | null });
  }
  return people;
}
