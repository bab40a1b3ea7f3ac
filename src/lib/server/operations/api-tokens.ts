import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { apiTokenForm } from '#lib/forms/api-tokens.ts';
import { idField } from '#lib/forms/fields.ts';
import { newId, schema } from '#lib/server/db/index.ts';
import { defineOperation } from './define.ts';
import { OperationError } from './error.ts';
import { apiTokenValue } from './values.ts';

const dayMs = 86_400_000;

/** The token itself is made by whoever shows it: what an operation is given and answers may be kept. */
export const createApiToken = defineOperation({
  name: 'api-token.create',
  permission: 'api.write',
  input: apiTokenForm.extend({ tokenHash: z.string().regex(/^[0-9a-f]{64}$/) }),
  async run({ tx, actor, organizationId, nowMs, write }, { days, ...input }) {
    const expiresAt = new Date(nowMs + days * dayMs);
    const [row] = await tx
      .insert(schema.apiToken)
      .values({ id: newId(), organizationId, madeBy: actor.userId, expiresAt, ...input })
      .returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'api-token', id: row.id, version: 1, value: apiTokenValue(row) });
    return { id: row.id };
  }
});

/** From its next request on it opens nothing. */
export const removeApiToken = defineOperation({
  name: 'api-token.remove',
  permission: 'api.write',
  input: z.object({ id: idField }),
  async run({ tx, organizationId, write }, { id }) {
    const { apiToken } = schema;
    const own = and(eq(apiToken.organizationId, organizationId), eq(apiToken.id, id));
    const [row] = await tx.delete(apiToken).where(own).returning();
    if (!row) throw new OperationError('not-found');
    await write({ entity: 'api-token', id, version: 2, value: null });
    return { id };
  }
});
