import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { TrunkSettings } from '#lib/acd/configuration.ts';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { versionField } from '#lib/forms/fields.ts';
import { trunkForm, tryNumberForm } from '#lib/forms/trunk.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { readNumber, writeNumber, type NotANumber } from '#lib/server/pbx/numbers.ts';
import { readTrunks } from '#lib/server/settings.ts';
import { defineOperation } from './define.ts';
import { OperationError } from './error.ts';
import { saveOrganization } from './organization-part.ts';
import { formatNumber } from './phone.ts';
import { readLive } from './read-live.ts';
import { valueAt } from './write.ts';

/** Those that an organization can choose of: whoever runs the system says where they are. */
const trunkNames = () => [plainTrunk.name, ...readTrunks().map(({ name }) => name)];

/** E4, E5: how calls come and go. */
export const updateTrunk = defineOperation({
  name: 'organization.trunk',
  permission: 'organization.write',
  input: trunkForm,
  run(context, trunk) {
    if (!trunkNames().includes(trunk.name)) throw new OperationError('not-found', 'name');
    return saveOrganization(context, { trunk });
  }
});

/** Undo: as an earlier version had it. */
export const restoreTrunk = defineOperation({
  name: 'organization.trunk-restore',
  permission: 'organization.write',
  input: z.object({ version: versionField }),
  async run(context, { version }) {
    const value = await valueAt(context, 'organization', context.organizationId, version);
    const { trunk } = value as { trunk?: TrunkSettings };
    return saveOrganization(context, { trunk: { ...plainTrunk, ...trunk } });
  }
});

export type Tried =
  | { raw: string; ok: false; why: NotANumber }
  | { raw: string; ok: true; number: string; shown: string; sent: string; queue: string | null };

/** *Try it*: what a number is that comes so, where it leads, and how it would go out. Changes nothing. */
export const tryNumber = defineOperation({
  name: 'organization.trunk-try',
  permission: 'organization.write',
  input: tryNumberForm,
  async run({ tx, organizationId }, { number: raw }): Promise<Tried> {
    const { trunk, country } = await row(tx, organizationId);
    const reading = readNumber(raw, trunk);
    if (!reading.ok) return { raw, ok: false, why: reading.why };
    const { number } = reading;
    const { queue, number: table } = schema;
    const [leadsTo] = await tx
      .select({ name: queue.name })
      .from(table)
      .innerJoin(queue, and(eq(queue.organizationId, organizationId), eq(queue.id, table.queueId)))
      .where(and(eq(table.organizationId, organizationId), eq(table.e164, number)));
    const shown = formatNumber(number, country);
    return { raw, ok: true, number, shown, sent: writeNumber(number, trunk), queue: leadsTo?.name ?? null };
  }
});

export async function readTrunk(tx: Transaction, organizationId: string) {
  const { trunk, version, timeZone } = await row(tx, organizationId);
  const live = await readLive(tx, organizationId, [{ entity: 'organization', ids: [organizationId] }]);
  return { trunk, names: trunkNames(), version, timeZone, live };
}

async function row(tx: Transaction, organizationId: string) {
  const [found] = await tx.select().from(schema.organization).where(eq(schema.organization.id, organizationId));
  if (!found) throw new OperationError('not-found');
  return found;
}
