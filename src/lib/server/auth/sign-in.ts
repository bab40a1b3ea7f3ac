import { sql } from 'drizzle-orm';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Redis } from 'ioredis';
import type { Database } from '#lib/server/db/index.ts';
import { verifyPassword } from './password.ts';
import { createSession } from './session.ts';

export type SignInResult =
  | { ok: true; token: string; expiresAt: Date; userId: string; organizationId: string }
  | { ok: false; code: 'wrong-credentials' }
  | { ok: false; code: 'too-many-attempts'; retryAfterSeconds: number };

export interface SignIn {
  /** `address` is the client's IP. Only failures count, so that an office behind one address is not locked out by success. */
  signIn: (email: string, password: string, address: string, nowMs: number) => Promise<SignInResult>;
}

/** Failures allowed: 5 per account and address, 30 per account from anywhere, 60 per address; each in 15 minutes. */
const windowSeconds = 15 * 60;
const limits = { pair: 5, account: 30, address: 60 };

/** With Redis the counts are shared by all web processes; while Redis is away each process counts in memory. */
export function createSignIn(db: Database, redis?: Redis): SignIn {
  const limiters = {
    pair: limiter('pair', limits.pair, redis),
    account: limiter('account', limits.account, redis),
    address: limiter('address', limits.address, redis)
  };
  return {
    async signIn(email, password, address, nowMs) {
      const account = email.trim().toLowerCase();
      const keys = { pair: `${account} ${address}`, account, address };
      const blocked = await blockedForMs(limiters, keys);
      if (blocked > 0) return { ok: false, code: 'too-many-attempts', retryAfterSeconds: Math.ceil(blocked / 1000) };
      // Counted before the password is tried, taken back when it was right: a hundred tries at once are still a hundred.
      const counted = await count(limiters, keys);
      if (!counted) return { ok: false, code: 'too-many-attempts', retryAfterSeconds: windowSeconds };
      const [found] = await db.execute<{ user_id: string; organization_id: string; password_hash: string | null }>(
        sql`select * from vaxel_find_sign_in(${account})`
      );
      const right = await verifyPassword(password, found?.password_hash ?? null);
      if (!found || !right) return { ok: false, code: 'wrong-credentials' };
      await Promise.all([
        limiters.pair.delete(keys.pair),
        limiters.account.reward(keys.account, 1),
        limiters.address.reward(keys.address, 1)
      ]);
      const who = { userId: found.user_id, organizationId: found.organization_id };
      return { ok: true, ...who, ...(await createSession(db, who, nowMs)) };
    }
  };
}

type Kind = keyof typeof limits;

function limiter(kind: Kind, points: number, redis: Redis | undefined): RateLimiterAbstract {
  const options = { keyPrefix: `sign-in:${kind}`, points, duration: windowSeconds };
  const memory = new RateLimiterMemory(options);
  return redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory;
}

/** How long the worst of the limits still blocks; 0 when none does. */
async function blockedForMs(limiters: Record<Kind, RateLimiterAbstract>, keys: Record<Kind, string>): Promise<number> {
  const kinds = Object.keys(limiters) as Kind[];
  const waits = await Promise.all(
    kinds.map(async (kind) => {
      const state = await limiters[kind].get(keys[kind]);
      return state && state.consumedPoints >= limits[kind] ? Math.max(1, state.msBeforeNext) : 0;
    })
  );
  return Math.max(...waits);
}

async function count(limiters: Record<Kind, RateLimiterAbstract>, keys: Record<Kind, string>): Promise<boolean> {
  const kinds = Object.keys(limiters) as Kind[];
  try {
    await Promise.all(kinds.map((kind) => limiters[kind].consume(keys[kind])));
    return true;
  } catch (error) {
    if (error instanceof RateLimiterRes) return false;
    throw error;
  }
}
