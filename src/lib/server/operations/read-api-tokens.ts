import { and, asc, eq } from 'drizzle-orm';
import { schema, type Transaction } from '#lib/server/db/index.ts';

/** Those that hold and those that have run out, by name; who made each, as long as they are known. */
export async function listApiTokens(tx: Transaction, organizationId: string, nowMs: number) {
  const { apiToken, user } = schema;
  const rows = await tx
    .select({ token: apiToken, madeBy: user.name })
    .from(apiToken)
    .leftJoin(user, and(eq(user.organizationId, organizationId), eq(user.id, apiToken.madeBy)))
    .where(eq(apiToken.organizationId, organizationId))
    .orderBy(asc(apiToken.name), asc(apiToken.id));
  return rows.map(({ token: { id, name, role, expiresAt, lastUsedAt }, madeBy }) => ({
    id,
    name,
    role,
    madeBy,
    expiresMs: expiresAt.getTime(),
    expired: expiresAt.getTime() <= nowMs,
    lastUsedMs: lastUsedAt?.getTime() ?? null
  }));
}
