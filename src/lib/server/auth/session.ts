import { createHash, randomBytes } from 'node:crypto';
import { and, eq, lt, ne, sql } from 'drizzle-orm';
import { schema, withOrganization, type Database } from '#lib/server/db/index.ts';
import type { Language } from '#lib/acd/configuration.ts';
import type { Role } from '#lib/server/db/schema/people.ts';
import type { Actor } from './can.ts';

/** A session ends this long after its last use. Written again only in its second half, so that most requests only read. */
export const sessionSeconds = 30 * 24 * 3600;
export const sessionCookie = 'vaxel_session';

export interface Session {
  actor: Actor;
  /** For signing this one out, and for ending its live connections. */
  tokenHash: string;
  expiresAt: Date;
  /** The expiry has just been moved: the cookie is to be set again. */
  renewed: boolean;
}

/** Makes a session; the token is returned once and stored only as its hash. */
export async function createSession(
  db: Database,
  who: { userId: string; organizationId: string },
  nowMs: number
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(24).toString('base64url');
  const expiresAt = new Date(nowMs + sessionSeconds * 1000);
  await withOrganization(db, who.organizationId, async (tx) => {
    await tx.delete(schema.session).where(lt(schema.session.expiresAt, new Date(nowMs)));
    await tx.insert(schema.session).values({ tokenHash: hashToken(token), ...who, expiresAt });
  });
  return { token, expiresAt };
}

interface FoundSession extends Record<string, unknown> {
  user_id: string;
  organization_id: string;
  role: Role;
  name: string;
  language: Language;
  expires_at: string | Date;
}

/**
 * Who a token belongs to; null when it is unknown, expired, or its user is deactivated. Serves the hooks of every
 * request and the upgrade of every WebSocket.
 */
export async function validateSession(db: Database, token: string, nowMs: number): Promise<Session | null> {
  const tokenHash = hashToken(token);
  const [row] = await db.execute<FoundSession>(sql`select * from vaxel_find_session(${tokenHash})`);
  if (!row) return null;
  let expiresAt = new Date(row.expires_at);
  if (expiresAt.getTime() <= nowMs) return null;
  const renewed = expiresAt.getTime() - nowMs < (sessionSeconds / 2) * 1000;
  if (renewed) {
    expiresAt = new Date(nowMs + sessionSeconds * 1000);
    await withOrganization(db, row.organization_id, (tx) =>
      tx.update(schema.session).set({ expiresAt }).where(eq(schema.session.tokenHash, tokenHash))
    );
  }
  const actor = {
    userId: row.user_id,
    organizationId: row.organization_id,
    role: row.role,
    name: row.name,
    language: row.language
  };
  return { actor, tokenHash, expiresAt, renewed };
}

export async function endSession(db: Database, session: Session): Promise<void> {
  await withOrganization(db, session.actor.organizationId, (tx) =>
    tx.delete(schema.session).where(eq(schema.session.tokenHash, session.tokenHash))
  );
}

/** Condition for ending all of a user's sessions; `except` keeps the one that asks. For use inside an operation. */
export function sessionsOf(userId: string, except = '') {
  return and(eq(schema.session.userId, userId), ne(schema.session.tokenHash, except));
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
