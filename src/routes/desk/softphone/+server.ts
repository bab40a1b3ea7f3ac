import { error, json } from '@sveltejs/kit';
import { and, eq } from 'drizzle-orm';
import { can, softphonePassword } from '#lib/server/auth/index.ts';
import { schema, withOrganization } from '#lib/server/db/index.ts';
import type { RequestHandler } from './$types';

/** The credentials of the agent's own softphone. POST, so that they are in no log, history or cache. */
export const POST: RequestHandler = async ({ locals }) => {
  const actor = locals.session?.actor;
  if (!actor || !can(actor, 'desk.use', { userId: actor.userId })) throw error(403, { message: 'forbidden' });
  const { db, secret } = locals.services;
  const [device] = await withOrganization(db, actor.organizationId, (tx) =>
    tx
      .select({ id: schema.device.id, passwordVersion: schema.device.passwordVersion })
      .from(schema.device)
      .where(and(eq(schema.device.userId, actor.userId), eq(schema.device.kind, 'softphone')))
  );
  if (!device) throw error(404, { message: 'no-device' });
  const password = softphonePassword(secret, device.id, device.passwordVersion);
  return json({ deviceId: device.id, username: device.id, password });
};
