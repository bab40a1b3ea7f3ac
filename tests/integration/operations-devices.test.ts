import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainLimits } from '#lib/acd/upgrade.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import { readDevices } from '#lib/server/configuration/index.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import {
  addDeskPhone,
  addOwnDeskPhone,
  changeSoftphonePassword,
  createNumber,
  createUser,
  removeDeskPhone,
  removeOwnDeskPhone,
  setMobile,
  setOwnMobile
} from '#lib/server/operations/index.ts';
import { readPerson } from '#lib/server/operations/read-people.ts';
import { must, openFixture, testCell, unique, uniqueNumber, type Fixture } from './db-fixture.ts';

/** What agents can be rung on (P16), as administrators and they themselves set it. */
let fixture: Fixture;
let administrator: Actor;
let stranger: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  [administrator, stranger] = await Promise.all([fixture.organization(), fixture.organization()]);
});
afterAll(() => fixture.close());

async function person(role: 'agent' | 'supervisor' = 'agent', by = administrator): Promise<Actor> {
  const name = 'Anna Berg';
  const input = { name, email: `${unique()}@nordhamn.example`, role, plan: 'pro' as const, language: 'en' as const };
  const { id } = await must(fixture.operations.run(createUser, by, { ...input, password: 'correct-horse-battery' }));
  return { userId: id, organizationId: by.organizationId, role, name, language: 'en' };
}
const valueOf = async ({ userId }: Actor) => {
  const [row] = await fixture.owner.sql<{ value: Record<string, unknown>; version: number }[]>`
    select value, version from configuration_version where entity = 'agent' and id = ${userId} order by version desc limit 1`;
  return row;
};
const devices = async ({ organizationId, userId }: Actor) =>
  (await withOrganization(fixture.web.db, organizationId, (tx) => readPerson(tx, organizationId, userId))).devices;
const accounts = async () =>
  new Map(
    (await readDevices(fixture.owner.sql, { cell: testCell, secret: 'ab'.repeat(32) })).map((one) => [
      one.deviceId,
      one
    ])
  );

test('a mobile number is read as it is written, reaches the engine with the agent’s language, and is taken away', async () => {
  const anna = await person();
  await must(fixture.operations.run(setMobile, administrator, { id: anna.userId, number: '070-174 06 12' }));
  expect((await valueOf(anna))?.value).toMatchObject({
    language: 'en',
    others: [{ id: expect.any(String), kind: 'mobile', number: '+46701740612' }]
  });
  expect(await devices(anna)).toEqual({ mobile: '070-174 06 12', deskPhone: false });
  await must(fixture.operations.run(setOwnMobile, anna, { number: '+46 70 174 06 13' }));
  expect((await valueOf(anna))?.value).toMatchObject({ others: [{ number: '+46701740613' }] });
  await must(fixture.operations.run(setOwnMobile, anna, { number: ' ' }));
  expect((await valueOf(anna))?.value).toMatchObject({ others: [] });
});

test('a number that is none, may not be called, or is their own is refused, with the field it stands in', async () => {
  const { userId: id } = await person();
  const attempt = (number: string) => fixture.operations.run(setMobile, administrator, { id, number });
  expect(await attempt('12')).toMatchObject({ ok: false, code: 'number-invalid', field: 'number' });
  expect(await attempt('112')).toMatchObject({ ok: false, code: 'number-invalid', field: 'number' });
  expect(await attempt('+358401234567')).toMatchObject({
    ok: false,
    code: 'number-not-allowed',
    field: 'number',
    detail: plainLimits.allowed.join(', ')
  });
  const number = uniqueNumber();
  await must(fixture.operations.run(createNumber, administrator, { number, queueId: '', language: 'sv' }));
  expect(await attempt(number)).toMatchObject({ ok: false, code: 'number-own', field: 'number' });
});

test('a desk phone has an account that the worker gives to Asterisk; made again, another password', async () => {
  const anna = await person();
  const first = await must(fixture.operations.run(addDeskPhone, administrator, { id: anna.userId }));
  const account = (await accounts()).get(first.deviceId as never);
  expect(account).toMatchObject({ kind: 'desk-phone', username: first.deviceId });
  expect((await valueOf(anna))?.value).toMatchObject({ others: [{ id: first.deviceId, kind: 'desk-phone' }] });
  const before = await valueOf(anna);
  const again = await must(fixture.operations.run(addOwnDeskPhone, anna, {}));
  expect(again).toEqual({ deviceId: first.deviceId, passwordVersion: first.passwordVersion + 1 });
  expect((await accounts()).get(first.deviceId as never)?.password).not.toBe(account?.password);
  // So that the worker reads it.
  expect((await valueOf(anna))?.version).toBe((before?.version ?? 0) + 1);
  await must(fixture.operations.run(removeOwnDeskPhone, anna, {}));
  expect((await accounts()).has(first.deviceId as never)).toBe(false);
  expect((await valueOf(anna))?.value).toMatchObject({ others: [] });
});

test('another password for the softphone leaves the desk phone’s as it is', async () => {
  const anna = await person();
  const { deviceId } = await must(fixture.operations.run(addDeskPhone, administrator, { id: anna.userId }));
  const before = (await accounts()).get(deviceId as never);
  await must(fixture.operations.run(changeSoftphonePassword, administrator, { id: anna.userId }));
  expect((await accounts()).get(deviceId as never)).toEqual(before);
});

test('only administrators set others’ devices, agents their own; nobody those of another organization', async () => {
  const [anna, bo] = [await person(), await person()];
  const supervisor = await person('supervisor');
  const of = { id: bo.userId };
  for (const actor of [anna, supervisor]) {
    expect(await fixture.operations.run(setMobile, actor, { ...of, number: '' })).toMatchObject({ code: 'forbidden' });
    expect(await fixture.operations.run(addDeskPhone, actor, of)).toMatchObject({ code: 'forbidden' });
    expect(await fixture.operations.run(removeDeskPhone, actor, of)).toMatchObject({ code: 'forbidden' });
  }
  for (const actor of [administrator, supervisor]) {
    expect(await fixture.operations.run(setOwnMobile, actor, { number: '' })).toMatchObject({ code: 'forbidden' });
    expect(await fixture.operations.run(addOwnDeskPhone, actor, {})).toMatchObject({ code: 'forbidden' });
    expect(await fixture.operations.run(removeOwnDeskPhone, actor, {})).toMatchObject({ code: 'forbidden' });
  }
  expect(await fixture.operations.run(addDeskPhone, stranger, of)).toMatchObject({ code: 'not-found' });
  const number = '0701740612';
  expect(await fixture.operations.run(setMobile, stranger, { ...of, number })).toMatchObject({ code: 'not-found' });
  expect(await fixture.operations.run(setMobile, administrator, { id: supervisor.userId, number })).toMatchObject({
    code: 'not-an-agent'
  });
});
