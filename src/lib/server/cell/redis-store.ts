import { createHash, randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { id } from '#lib/acd/ids.ts';
import type { Click } from '#lib/acd/events.ts';
import type { CallerToken } from '#lib/acd/ids.ts';
import { factsMost } from './facts-stream.ts';
import { cellKeys } from './keys.ts';
import { leaseMs } from './store.ts';
import type { CellStore, Commit, CommitResult, IncomingCommand } from './store.ts';

/** A store that does not answer within this is away. */
const commandTimeoutMs = 900;
/** How long one read of the commands waits for the first. */
const blockMs = 5_000;
const readAtMost = 100;
/** A caller who rings again within this has the same token. History keeps its own table, which erasure empties. */
const callerSeconds = 30 * 24 * 3_600;

/**
 * One commit.
 * KEYS: 1 epoch, 2 facts (stream), 3 state (hash)
 * ARGV: 1 my epoch, 2 '1' to write the state anew, 3 epoch of the facts, 4 number of facts F, 5 number of entities S,
 *       then F × (n, JSON), S × (key, JSON), and the keys to remove
 * Gives 'done', or without having written anything 'fenced' (another epoch rules), 'emptied' (no epoch is known) or
 * 'late' (the stream has gone on past the epoch of the facts).
 * The stream is bounded (`factsMost`). Facts it already has are skipped, so that a commit whose answer was lost may be repeated.
 */
const commitScript = `
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  if ARGV[2] ~= '1' then return 'emptied' end
  redis.call('SET', KEYS[1], ARGV[1])
elseif epoch ~= ARGV[1] then
  return 'fenced'
end
local mine = tonumber(ARGV[1])
local lastEpoch, lastN = 0, 0
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
if last[1] then
  local a, b = string.match(last[1][1], '^(%d+)-(%d+)$')
  lastEpoch, lastN = tonumber(a), tonumber(b)
end
if lastEpoch > mine then return 'fenced' end
local of = tonumber(ARGV[3])
if lastEpoch > of then return 'late' end
local at = 6
for _ = 1, tonumber(ARGV[4]) do
  if lastEpoch < of or tonumber(ARGV[at]) > lastN then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ${factsMost}, ARGV[3] .. '-' .. ARGV[at], 'fact', ARGV[at + 1])
  end
  at = at + 2
end
if ARGV[2] == '1' then redis.call('DEL', KEYS[3]) end
for _ = 1, tonumber(ARGV[5]) do
  redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1])
  at = at + 2
end
while ARGV[at] do
  redis.call('HDEL', KEYS[3], ARGV[at])
  at = at + 1
end
return 'done'`;

/**
 * Taking the lease.
 * KEYS: 1 lease, 2 epoch, 3 facts (stream)
 * ARGV: 1 largest epoch known elsewhere, 2 '1' to take it from a holder that has been ended, 3 lease in ms
 * Gives the new epoch, larger than any known; 0 while another holds the lease.
 */
const leaseScript = `
if ARGV[2] ~= '1' and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local epoch = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), tonumber(ARGV[1]))
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
if last[1] then epoch = math.max(epoch, tonumber(string.match(last[1][1], '^(%d+)-'))) end
epoch = epoch + 1
redis.call('SET', KEYS[2], string.format('%d', epoch))
redis.call('SET', KEYS[1], string.format('%d', epoch), 'PX', ARGV[3])
return epoch`;

/**
 * Keeping the lease.
 * KEYS: 1 lease, 2 epoch
 * ARGV: 1 my epoch, 2 lease in ms
 * Gives 0 when another epoch rules. A lease that ran out is taken up again as long as nobody else has had it; nor
 * does a store that was emptied end us: the next commit writes it whole.
 */
const renewScript = `
local epoch = redis.call('GET', KEYS[2])
if epoch and epoch ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * Giving the lease up. KEYS: 1 lease. ARGV: 1 my epoch.
 */
const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/**
 * The token of a number.
 * KEYS: 1 token of the number
 * ARGV: 1 a new token, 2 JSON of the caller, 3 seconds kept, 4 prefix of caller keys
 * Gives the token that stands: the first one given, kept on from this call.
 */
const tokenScript = `
local token = redis.call('GET', KEYS[1]) or ARGV[1]
redis.call('SET', KEYS[1], token, 'EX', ARGV[3])
redis.call('SET', ARGV[4] .. token, ARGV[2], 'EX', ARGV[3])
return token`;

/** `address`: a path of a unix socket or a `redis://` address. */
export function createRedisStore(options: {
  address: string;
  cell: number;
  onError?: (error: Error) => void;
}): CellStore {
  const keys = cellKeys(options.cell);
  // No queue while away: a command that cannot go out fails at once, and the cell goes on without.
  const redis = connect(options.address, { commandTimeout: commandTimeoutMs, enableOfflineQueue: false });
  // Blocks, so a connection of its own; its reads may wait for the store to be back.
  const reader = connect(options.address, { enableOfflineQueue: true });
  for (const one of [redis, reader]) one.on('error', options.onError ?? (() => undefined));
  const ready = new Promise<void>((resolve) => redis.once('ready', resolve));
  let everReady = false;
  void ready.then(() => (everReady = true));

  /** The first connection is waited for; later on, away is away. */
  async function evaluate(script: string, keysOf: string[], args: (string | number)[]): Promise<unknown> {
    if (!everReady) await Promise.race([ready, new Promise((resolve) => setTimeout(resolve, commandTimeoutMs))]);
    // By its digest: the commit's text is longer than what most commits carry.
    return redis.evalsha(digestOf(script), keysOf.length, ...keysOf, ...args).catch((error: unknown) => {
      // Redis started anew and does not know it yet; nothing has been carried out.
      if (!String(error).includes('NOSCRIPT')) throw error;
      return redis.eval(script, keysOf.length, ...keysOf, ...args);
    });
  }

  return {
    async lease({ knownEpoch, takeOver }) {
      const args = [knownEpoch, takeOver ? '1' : '0', leaseMs];
      const epoch = Number(await evaluate(leaseScript, [keys.lease, keys.epoch, keys.facts], args));
      return epoch === 0 ? null : epoch;
    },
    renew: async (epoch) => Number(await evaluate(renewScript, [keys.lease, keys.epoch], [epoch, leaseMs])) === 1,
    release: async (epoch) => void (await evaluate(releaseScript, [keys.lease], [epoch])),
    load: async () => new Map(Object.entries(await redis.hgetall(keys.state))),
    commit: async (commit) =>
      (await evaluate(commitScript, [keys.epoch, keys.facts, keys.state], commitArgs(commit))) as CommitResult,
    async callerToken(organizationId, caller, kept) {
      const fresh = kept ?? randomBytes(12).toString('base64url');
      const args = [fresh, JSON.stringify(caller), callerSeconds, keys.caller('')];
      return id.caller(String(await evaluate(tokenScript, [keys.token(organizationId, caller.number)], args)));
    },
    async caller(token: CallerToken) {
      const json = await redis.get(keys.caller(token));
      return json === null ? null : (JSON.parse(json) as { number: string; name: string | null });
    },
    async readCommands(afterId) {
      const answer = await reader.xread('COUNT', readAtMost, 'BLOCK', blockMs, 'STREAMS', keys.commands, afterId);
      const entries = answer?.[0]?.[1] ?? [];
      return entries.map(([entryId, fields]) => incoming(entryId, fields as string[]));
    },
    reply: async (reply) => void (await redis.publish(keys.replies, JSON.stringify(reply))),
    close() {
      reader.disconnect();
      redis.disconnect();
      return Promise.resolve();
    }
  };
}

const digests = new Map<string, string>();
function digestOf(script: string): string {
  const known = digests.get(script) ?? createHash('sha1').update(script).digest('hex');
  digests.set(script, known);
  return known;
}

function connect(address: string, options: { commandTimeout?: number; enableOfflineQueue: boolean }): Redis {
  const common = {
    ...options,
    maxRetriesPerRequest: null,
    retryStrategy: (tries: number) => Math.min(50 * tries, 500)
  };
  return address.startsWith('/') ? new Redis({ path: address, ...common }) : new Redis(address, common);
}

function commitArgs({ epoch, of = epoch, facts, set, remove, replace }: Commit): string[] {
  const args = [String(epoch), replace ? '1' : '0', String(of), String(facts.length), String(set.length)];
  for (const { n, fact } of facts) args.push(String(n), JSON.stringify(fact));
  for (const [key, json] of set) args.push(key, json);
  args.push(...remove);
  return args;
}

/** The part of the id before the dash is the store's wall clock when it was sent. */
function incoming(entryId: string, fields: string[]): IncomingCommand {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  return {
    id: entryId,
    commandId: field('commandId'),
    agentId: id.agent(field('agentId')),
    sentAtMs: Number(entryId.split('-')[0]),
    deadlineMs: Number(field('deadlineMs')),
    body: parsed(field('body'))
  };
}

/** `web` checks what it sends; what is no JSON all the same must not stop the reading of what comes after it. */
function parsed(json: string): Click | null {
  try {
    return JSON.parse(json) as Click | null;
  } catch {
    return null;
  }
}
