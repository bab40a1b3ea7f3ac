import { and, eq } from 'drizzle-orm';
import { schema, withOrganization, type Database } from '#lib/server/db/index.ts';
import type { Operations, Outcome } from './define.ts';
import { switchTemporaryByPhone } from './temporary.ts';

/** A code of somebody's device, as that person: their role counts as it is now. */
export async function switchByPhone(
  { db, operations }: { db: Database; operations: Operations },
  person: { organizationId: string; userId: string },
  code: { phoneNumber: number; on: boolean }
): Promise<Outcome<{ id: string; version: number }>> {
  const { organizationId, userId } = person;
  const { id, role, name, language, active } = schema.user;
  const [user] = await withOrganization(db, organizationId, (tx) =>
    tx
      .select({ role, name, language })
      .from(schema.user)
      .where(and(eq(schema.user.organizationId, organizationId), eq(id, userId), eq(active, true)))
  );
  if (!user) return { ok: false, code: 'forbidden', field: null };
  return operations.run(switchTemporaryByPhone, { userId, organizationId, ...user }, code);
}
