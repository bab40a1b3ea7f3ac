import { eq } from 'drizzle-orm';
import { organizationForm } from '#lib/forms/people.ts';
import { schema } from '#lib/server/db/index.ts';
import { defineOperation } from './define.ts';
import { OperationError } from './error.ts';
import { organizationValue } from './values.ts';

export const updateOrganization = defineOperation({
  name: 'organization.update',
  permission: 'organization.write',
  input: organizationForm,
  async run({ tx, organizationId, expect, write }, input) {
    checkTimeZone(input.timeZone);
    const own = eq(schema.organization.id, organizationId);
    const before = expect((await tx.select().from(schema.organization).where(own).for('update'))[0]);
    const version = before.version + 1;
    await tx
      .update(schema.organization)
      .set({ ...input, version })
      .where(own);
    const value = organizationValue({ ...before, ...input });
    await write({ entity: 'organization', id: organizationId, version, value });
    return { id: organizationId, version };
  }
});

/** @throws {OperationError} `time-zone-unknown` */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    if (error instanceof RangeError) throw new OperationError('time-zone-unknown', 'timeZone');
    throw error;
  }
}
