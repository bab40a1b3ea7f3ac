import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { TrunkSettings } from '#lib/acd/configuration.ts';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { versionField } from '#lib/forms/fields.ts';
import { trunkForm, tryNumberForm } from '#lib/forms/trunk.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import { isCallingCode, readNumber, writeNumber, type NotANumber } from '#lib/server/pbx/numbers.ts';
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
    if (!isCallingCode(trunk.countryCode)) throw new OperationError('country-code', 'countryCode');
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
    const trunk = { ...plainTrunk, ...(value as { trunk?: Partial<TrunkSettings> }).trunk };
    // Whoever runs the system has taken it away since.
    if (!trunkNames().includes(trunk.name)) throw new OperationError('nothing-to-undo');
    return saveOrganization(context, { trunk });
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
    // As at the door (`cell/door.ts`): the plain way first, where that leads to a number of theirs.
    const plain = readNumber(raw, plainTrunk);
    const plainly = plain.ok && trunk.dialledIn === 'request' ? await leadsTo(tx, organizationId, plain.number) : null;
    const reading = plainly === null ? readNumber(raw, trunk) : plain;
    if (!reading.ok) return { raw, ok: false, why: reading.why };
    const { number } = reading;
    const queue = plainly ?? (await leadsTo(tx, organizationId, number));
    return { raw, ok: true, number, shown: formatNumber(number, country), sent: writeNumber(number, trunk), queue };
  }
});

/** The name of the queue; null: none of the organization's. */
async function leadsTo(tx: Transaction, organizationId: string, e164: string): Promise<string | null> {
  const { queue, number } = schema;
  const [found] = await tx
    .select({ name: queue.name })
    .from(number)
    .innerJoin(queue, and(eq(queue.organizationId, organizationId), eq(queue.id, number.queueId)))
    .where(and(eq(number.organizationId, organizationId), eq(number.e164, e164)));
  return found?.name ?? null;
}

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
