import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { Redis } from 'ioredis';
import type postgres from 'postgres';
import type { Fact } from '#lib/acd/facts.ts';
import type { CallerToken } from '#lib/acd/ids.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { moment } from './moment.ts';
import { writeFact } from './write.ts';

const compress = promisify(zstdCompress);
const batchMost = 500;
const blockMs = 2_000;
const chunkMs = 15 * 60_000;
/** The stream keeps at least this many facts behind history, for views that begin today's figures anew. */
const keptFacts = 200_000;

interface Entry {
  epoch: number;
  n: number;
  fact: Fact;
}

export interface HistoryOptions {
  redis: string;
  /** A pool of the owner's role. */
  sql: postgres.Sql;
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
  for (let pauseMs = 100; !options.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      let cursor = await readCursor(options.sql, options.cell);
      while (!options.signal.aborted) {
        const answer = await redis.xread(
          'COUNT',
          batchMost,
          'BLOCK',
          blockMs,
          'STREAMS',
          keys.facts,
          `${cursor.epoch}-${cursor.n}`
        );
        const entries = (answer?.[0]?.[1] ?? []).map(([at, fields]) => entryOf(at, fields));
        const last = entries.at(-1);
        if (!last) continue;
        const people = await callersOf(redis, keys, entries);
        await writeBatch(options, entries, people);
        cursor = last;
        pauseMs = 100;
        options.progressed?.(last.epoch, last.n);
        // Only what history has: the trim never goes past the cursor.
        await redis.xtrim(keys.facts, 'MAXLEN', '~', keptFacts);
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
  entries: Entry[],
  people: Map<CallerToken, { number: string; name: string | null }>
): Promise<void> {
  const { cell } = options;
  await options.sql.begin(async (sql) => {
    // Another jobs process may be at the same batch: one waits here, and finds its entries done.
    await sql`insert into history_cursor (cell, epoch, n, at) values (${cell}, 0, 0, now()) on conflict (cell) do nothing`;
    const [row] = await sql<
      { epoch: string; n: string }[]
    >`select epoch, n from history_cursor where cell = ${cell} for update`;
    const done = { epoch: Number(row?.epoch ?? 0), n: Number(row?.n ?? 0) };
    const fresh = entries.filter(({ epoch, n }) => epoch > done.epoch || (epoch === done.epoch && n > done.n));
    const last = fresh.at(-1);
    if (!last) return;
    for (const { fact } of fresh) {
      await writeFact(sql, cell, fact);
      const token = fact.type === 'call-arrived' ? fact.caller : null;
      const person = token === null ? undefined : people.get(token);
      if (token && person)
        await sql`insert into caller (organization_id, token, number, name) values (${fact.organizationId}, ${token}, ${person.number}, ${person.name})
          on conflict do nothing`;
    }
    for (const chunk of chunksOf(fresh)) await writeChunk(sql, cell, chunk);
    await sql`update history_cursor set epoch = ${last.epoch}, n = ${last.n}, at = now() where cell = ${cell}`;
  });
}

/** By organization and quarter of an hour, in order. */
function chunksOf(entries: Entry[]): Entry[][] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.fact.organizationId}:${Math.floor(entry.fact.atMs / chunkMs)}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

async function writeChunk(sql: postgres.TransactionSql, cell: number, entries: Entry[]): Promise<void> {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return;
  const facts = await compress(Buffer.from(entries.map(({ fact }) => JSON.stringify(fact)).join('\n')));
  const from = moment(Math.floor(first.fact.atMs / chunkMs) * chunkMs);
  await sql`insert into fact_chunk (organization_id, cell, "from", first_epoch, first_n, last_epoch, last_n, count, facts)
    values (${first.fact.organizationId}, ${cell}, ${from}, ${first.epoch}, ${first.n}, ${last.epoch}, ${last.n}, ${entries.length}, ${facts})
    on conflict do nothing`;
}

async function readCursor(sql: postgres.Sql, cell: number): Promise<{ epoch: number; n: number }> {
  const [row] = await sql<{ epoch: string; n: string }[]>`select epoch, n from history_cursor where cell = ${cell}`;
  return { epoch: Number(row?.epoch ?? 0), n: Number(row?.n ?? 0) };
}

/** Who stands behind the tokens: kept in Redis for a while, and from here on in the one table that erasure empties (E8). */
async function callersOf(
  redis: Redis,
  keys: ReturnType<typeof cellKeys>,
  entries: Entry[]
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

function entryOf(streamId: string, fields: string[]): Entry {
  const [epoch = '0', n = '0'] = streamId.split('-');
  return { epoch: Number(epoch), n: Number(n), fact: JSON.parse(fields[fields.indexOf('fact') + 1] ?? 'null') as Fact };
}
