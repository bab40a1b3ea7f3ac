import type { Redis } from 'ioredis';
import type { Fact } from '#lib/acd/facts.ts';

/** A place in a cell's stream of facts; `n` counts from 1 in each epoch, without gaps. */
export interface Position {
  epoch: number;
  n: number;
}
export interface PlacedFact {
  at: Position;
  fact: Fact;
}

/** More the stream never holds (some 200 MB): the oldest go, whether history has them or not. Half of it is an alarm. */
export const factsMost = 400_000;
/** Left behind history, for those who have just read what it has and go on in the stream. */
export const factsKept = 20_000;
const trimMost = 2_000;
const readMost = 2_000;
const epochsMost = 100;

export const start: Position = { epoch: 0, n: 0 };
export const isAfter = (a: Position, b: Position) => a.epoch > b.epoch || (a.epoch === b.epoch && a.n > b.n);
export const streamId = ({ epoch, n }: Position) => `${epoch}-${n}`;

export function position(entryId: string): Position {
  const [epoch = '0', n = '0'] = entryId.split('-');
  return { epoch: Number(epoch), n: Number(n) };
}

/** A stream entry has one field, `fact`. */
export function placedFact([entryId, fields]: [string, string[]]): PlacedFact {
  return { at: position(entryId), fact: JSON.parse(fields[fields.indexOf('fact') + 1] ?? 'null') as Fact };
}

export async function endOfStream(redis: Redis, key: string): Promise<Position> {
  const [last] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
  return last ? position(last[0]) : start;
}

/** The facts after `from` up to and with `to`, in order, a page at a time. */
export async function* factsBetween(
  redis: Redis,
  key: string,
  from: Position,
  to: Position
): AsyncGenerator<PlacedFact[]> {
  for (let after = from; isAfter(to, after);) {
    const page = (await redis.xrange(key, `(${streamId(after)}`, streamId(to), 'COUNT', readMost)).map(placedFact);
    const last = page.at(-1);
    if (!last) return;
    yield page;
    after = last.at;
  }
}

/**
 * Whether every fact after `at` is still in the stream: the oldest entry is not after it, or none has ever been taken
 * away. To be asked after reading, since the stream may be trimmed meanwhile.
 */
export async function isWhole(redis: Redis, key: string, at: Position): Promise<boolean> {
  const [first] = await redis.xrange(key, '-', '+', 'COUNT', 1);
  if (!first || !isAfter(position(first[0]), at)) return true;
  const told = (await redis.xinfo('STREAM', key)) as unknown[];
  const value = (name: string) => told[told.indexOf(name) + 1];
  return value('length') === value('entries-added');
}

/**
 * Taking away what history has, but for the last of it.
 * KEYS: 1 facts (stream)
 * ARGV: 1 history's cursor, 2 entries kept, 3 most to take away at once
 * Never beyond the cursor, however long the stream is. Gives how many went.
 */
const trimScript = `
local over = math.min(redis.call('XLEN', KEYS[1]) - ARGV[2], tonumber(ARGV[3]))
if over <= 0 then return 0 end
local read = redis.call('XRANGE', KEYS[1], '-', ARGV[1], 'COUNT', over)
if #read == 0 then return 0 end
local epoch, n = string.match(read[#read][1], '^(%d+)-(%d+)$')
return redis.call('XTRIM', KEYS[1], 'MINID', epoch .. '-' .. string.format('%d', n + 1))`;

export async function trimToHistory(redis: Redis, key: string, cursor: Position, kept = factsKept): Promise<number> {
  return Number(await redis.eval(trimScript, 1, key, streamId(cursor), kept, trimMost));
}

export interface Lag {
  /** Facts in the stream that history does not have. */
  facts: number;
  /** Since the oldest of them was decided; 0 when there is none. */
  seconds: number;
}

/** How far `cursor` is behind the stream's end; counted by the facts' own numbers, epoch by epoch, not by reading them. */
export async function lagOf(redis: Redis, key: string, cursor: Position, nowMs: number): Promise<Lag> {
  const [oldest] = (await redis.xrange(key, `(${streamId(cursor)}`, '+', 'COUNT', 1)).map(placedFact);
  if (!oldest) return { facts: 0, seconds: 0 };
  let facts = 1 - oldest.at.n;
  let last = await endOfStream(redis, key);
  for (let epochs = 0; last.epoch > oldest.at.epoch && epochs < epochsMost; epochs += 1) {
    facts += last.n;
    const [before] = await redis.xrevrange(key, `(${last.epoch}-0`, '-', 'COUNT', 1);
    if (!before) break;
    last = position(before[0]);
  }
  return { facts: facts + last.n, seconds: Math.max(0, Math.round((nowMs - oldest.fact.atMs) / 1_000)) };
}
