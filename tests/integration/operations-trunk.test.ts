import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { schema, withOrganization } from '#lib/server/db/index.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import { createNumber, createQueue } from '#lib/server/operations/index.ts';
import { readLimits, updateLimits } from '#lib/server/operations/limits.ts';
import { readTrunk, restoreTrunk, tryNumber, updateTrunk } from '#lib/server/operations/trunk.ts';
import { and, eq } from 'drizzle-orm';
import { must, openFixture, unique, uniqueNumber, type Fixture } from './db-fixture.ts';

/** How calls come and go (E4, E5), as administrators set it. */
let fixture: Fixture;
let administrator: Actor;
let stranger: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  [administrator, stranger] = await Promise.all([fixture.organization(), fixture.organization()]);
});
afterAll(() => fixture.close());

const read = async (actor: Actor) =>
  (await withOrganization(fixture.web.db, actor.organizationId, (tx) => readTrunk(tx, actor.organizationId))).trunk;
const attempt = async (number: string, actor = administrator) =>
  must(fixture.operations.run(tryNumber, actor, { number }));

test('what is saved goes to the phones, is undone, and is nobody else’s', async () => {
  const trunk = { ...plainTrunk, dialledIn: 'to' as const, sendsAs: 'zeros' as const, takesForeign: false };
  const saved = await must(fixture.operations.run(updateTrunk, administrator, trunk));
  expect(await read(administrator)).toEqual(trunk);
  expect(await read(stranger)).toEqual(plainTrunk);
  const versions = schema.configurationVersion;
  const [written] = await fixture.owner.db
    .select({ value: versions.value })
    .from(versions)
    .where(and(eq(versions.id, administrator.organizationId), eq(versions.version, saved.version)));
  expect(written?.value).toMatchObject({ type: 'organization', trunk });
  await must(fixture.operations.run(restoreTrunk, administrator, { version: saved.previousVersion }));
  expect(await read(administrator)).toEqual(plainTrunk);
});

test('an undo leads to no trunk that has been taken away', async () => {
  const before = process.env.VAXEL_TRUNKS;
  process.env.VAXEL_TRUNKS = 'second=127.0.0.1:5199';
  try {
    const { version } = await must(
      fixture.operations.run(updateTrunk, administrator, { ...plainTrunk, name: 'second' })
    );
    await must(fixture.operations.run(updateTrunk, administrator, plainTrunk));
    process.env.VAXEL_TRUNKS = '';
    const undone = await fixture.operations.run(restoreTrunk, administrator, { version });
    expect(undone).toMatchObject({ ok: false, code: 'nothing-to-undo' });
    expect((await read(administrator)).name).toBe('trunk');
  } finally {
    if (before === undefined) delete process.env.VAXEL_TRUNKS;
    else process.env.VAXEL_TRUNKS = before;
  }
});

test('other parts of the organization stay as they are', async () => {
  await must(fixture.operations.run(updateTrunk, administrator, { ...plainTrunk, sendsAs: 'digits' }));
  const form = { allowed: '+46 +47', barred: '', callsPerMinute: 5, dayMostKronor: 1, prices: '+46 20' };
  await must(fixture.operations.run(updateLimits, administrator, { ...form, talkMostMinutes: 60 }));
  expect((await read(administrator)).sendsAs).toBe('digits');
  await must(fixture.operations.run(updateTrunk, administrator, plainTrunk));
  const { outgoing } = await withOrganization(fixture.web.db, administrator.organizationId, (tx) =>
    readLimits(tx, administrator.organizationId, Date.now())
  );
  expect(outgoing).toMatchObject({ allowed: ['+46', '+47'], talkMostMinutes: 60 });
});

test.each([
  [{ name: 'elsewhere' }, 'not-found', 'name'],
  [{ countryCode: '046' }, 'bad-input', 'countryCode'],
  [{ countryCode: '999' }, 'country-code', 'countryCode'],
  [{ dialledIn: 'from' as never }, 'bad-input', 'dialledIn'],
  [{ comesAs: 'zeros' as never }, 'bad-input', 'comesAs']
])('%j is refused: %s at %s', async (change, code, field) => {
  const outcome = await fixture.operations.run(updateTrunk, administrator, { ...plainTrunk, ...change });
  expect(outcome).toMatchObject({ ok: false, code, field });
});

test('an agent may neither set nor try', async () => {
  const agent: Actor = { ...administrator, role: 'agent' };
  const forbidden = { ok: false, code: 'forbidden' };
  expect(await fixture.operations.run(updateTrunk, agent, plainTrunk)).toMatchObject(forbidden);
  expect(await fixture.operations.run(restoreTrunk, agent, { version: 1 })).toMatchObject(forbidden);
  expect(await fixture.operations.run(tryNumber, agent, { number: '112' })).toMatchObject(forbidden);
});

test('try it: what a number becomes, where it leads, how it goes out; or why it is none', async () => {
  const name = unique();
  const { id: queueId } = await must(fixture.operations.run(createQueue, administrator, { name, kind: 'plus' }));
  const input = { number: uniqueNumber(), queueId, language: 'sv' as const };
  const { e164 } = await must(fixture.operations.run(createNumber, administrator, input));
  const settings = { ...plainTrunk, comesAs: 'digits' as const, sendsAs: 'zeros' as const };
  await must(fixture.operations.run(updateTrunk, administrator, settings));
  const leads = { ok: true, number: e164, sent: `00${e164.slice(1)}`, queue: name };
  expect(await attempt(e164.slice(1))).toMatchObject(leads);
  expect(await attempt(` 00${e164.slice(1)} `)).toMatchObject(leads);
  expect(await attempt('116117')).toMatchObject({ ok: true, number: '116117', queue: null });
  // At the door what comes the plain way to a number is that number's, whatever is set.
  const national = `0${e164.slice(3)}`;
  expect(await attempt(national)).toMatchObject(leads);
  expect(await attempt('0701740612')).toMatchObject({ ok: false, why: 'wrong-form' });
  await must(fixture.operations.run(updateTrunk, administrator, { ...settings, dialledIn: 'to' }));
  expect(await attempt(national)).toMatchObject({ ok: false, why: 'wrong-form' });
  // Of another organization: it leads nowhere for this one.
  expect(await attempt(e164, stranger)).toMatchObject({ ok: true, queue: null });
});
