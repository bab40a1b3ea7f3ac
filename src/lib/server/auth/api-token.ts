import { createHash, randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Language } from '#lib/acd/configuration.ts';
import { schema, withOrganization, type Database } from '#lib/server/db/index.ts';
import type { ApiRole } from '#lib/server/db/schema/api.ts';
import type { Actor } from './can.ts';

/** Requests of one token in a minute; unknown tokens from one address in a quarter of an hour. */
const perMinute = 300;
const mostUnknown = 60;
/** When a token was used last is written at most so often. */
const usedEveryMs = 60_000;

export type ApiEntry =
  | { ok: true; actor: Actor }
  | { ok: false; code: 'token-invalid' }
  | { ok: false; code: 'too-many-requests'; retryAfterSeconds: number };

export interface ApiGate {
  /**
   * Who a request comes from, by its `Authorization: Bearer …` alone: a cookie would be sent by any page.
   * @param address the client's IP
   */
  enter(authorization: string | null, address: string, nowMs: number): Promise<ApiEntry>;
}

/** The prefix tells what it is to whoever finds it where it should not be. */
export function makeApiToken(): { token: string; tokenHash: string } {
  const token = `vaxel_${randomBytes(24).toString('base64url')}`;
  return { token, tokenHash: hashOf(token) };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** With Redis the counts are shared by all web processes; while it is away each process counts in memory. */
export function createApiGate(db: Database, redis?: Redis): ApiGate {
  const used = limiter('api:token', perMinute, 60, redis);
  const unknown = limiter('api:unknown', mostUnknown, 15 * 60, redis);
  return {
    async enter(authorization, address, nowMs) {
      const token = /^Bearer (vaxel_[\w-]{32})$/i.exec(authorization ?? '')?.[1];
      if (!token) return { ok: false, code: 'token-invalid' };
      const tried = await unknown.get(address);
      if (tried && tried.consumedPoints >= mostUnknown) return tooMany(tried.msBeforeNext);
      const tokenHash = hashOf(token);
      const actor = await find(db, tokenHash, nowMs);
      const waitMs = await consume(actor ? used : unknown, actor ? tokenHash : address);
      if (waitMs > 0) return tooMany(waitMs);
      return actor ? { ok: true, actor } : { ok: false, code: 'token-invalid' };
    }
  };
}

const tooMany = (ms: number): ApiEntry => ({
  ok: false,
  code: 'too-many-requests',
  retryAfterSeconds: Math.max(1, Math.ceil(ms / 1_000))
});

function limiter(keyPrefix: string, points: number, duration: number, redis?: Redis): RateLimiterAbstract {
  const options = { keyPrefix, points, duration };
  const memory = new RateLimiterMemory(options);
  return redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory;
}

/** @returns how long to wait, ms; 0: not at all */
async function consume(counted: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await counted.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error.msBeforeNext;
    throw error;
  }
}

interface FoundToken extends Record<string, unknown> {
  id: string;
  organization_id: string;
  name: string;
  role: ApiRole;
  language: Language;
  expires_at: string | Date;
  last_used_at: string | Date | null;
}

async function find(db: Database, tokenHash: string, nowMs: number): Promise<Actor | null> {
  const [row] = await db.execute<FoundToken>(sql`select * from vaxel_find_api_token(${tokenHash})`);
  if (!row || new Date(row.expires_at).getTime() <= nowMs) return null;
  const { id, organization_id: organizationId, name, role, language } = row;
  if (nowMs - new Date(row.last_used_at ?? 0).getTime() >= usedEveryMs) {
    const { apiToken } = schema;
    await withOrganization(db, organizationId, (tx) =>
      tx
        .update(apiToken)
        .set({ lastUsedAt: new Date(nowMs) })
        .where(and(eq(apiToken.organizationId, organizationId), eq(apiToken.id, id)))
    );
  }
  return { userId: `api:${id}`, organizationId, role, name, language };
}
