import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, migrate, type Connection } from '#lib/server/db/index.ts';
import { createSignIn } from '#lib/server/auth/index.ts';
import { readAll } from '#lib/server/configuration/index.ts';
import { demoLogins, demoNumbers, seedDemo } from '#lib/server/operations/index.ts';
import { evaluate } from '#lib/hours/evaluate.ts';
import type { ScheduleValue } from '#lib/hours/schedule.ts';

/** A database of its own: the demo's addresses and numbers exist once, and a stack may have it already. */
let owner: Connection;
let admin: Connection;
const name = `demo_${process.pid}`;
const passwords = Object.fromEntries(demoLogins.map(({ email }) => [email, `password of ${email}`]));

beforeAll(async () => {
  const url = process.env.VAXEL_DATABASE ?? '';
  admin = connect(url, { max: 1 });
  await admin.sql`create database ${admin.sql(name)}`;
  const own = url.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
  await migrate(own);
  owner = connect(own, { max: 2 });
});
afterAll(async () => {
  await owner.close();
  await admin.sql`drop database ${admin.sql(name)}`;
  await admin.close();
});

test('the demo is complete, its logins work, and a second run changes nothing', async () => {
  const { organizationId } = await seedDemo({ db: owner.db, passwords });
  const values = (await readAll(owner.sql, 1, organizationId)).map((change) => change.value);
  const of = (type: string) => values.filter((value) => value?.type === type);
  expect(of('agent').map((agent) => agent && 'name' in agent && agent.name)).toEqual([
    'Anna Berg',
    'Erik Sandström',
    'Karin Holm'
  ]);
  expect(of('number').map((number) => number && 'e164' in number && number.e164)).toEqual(
    demoNumbers.map((number) => number.e164)
  );
  expect(of('member')).toHaveLength(6);
  for (const { email } of demoLogins) {
    const { signIn } = createSignIn(owner.db);
    expect(await signIn(email, passwords[email] ?? '', '192.0.2.1', Date.now())).toMatchObject({
      ok: true,
      organizationId
    });
  }
  const support = values.find((value) => value?.type === 'queue' && value.name === 'Support');
  const schedule = values.find(
    (value) => value?.type === 'schedule' && support?.type === 'queue' && value.id === support.scheduleId
  );
  expect(evaluate(schedule as ScheduleValue, Date.parse('2026-12-25T03:00:00Z')).open).toBe(true);
  expect(await seedDemo({ db: owner.db, passwords: {} })).toEqual({ organizationId, made: 0 });
});

test('an interrupted run is picked up', async () => {
  await owner.sql`delete from member`;
  await owner.sql`delete from configuration_version where entity in ('member', 'number')`;
  await owner.sql`delete from number`;
  const { organizationId, made } = await seedDemo({ db: owner.db, passwords });
  expect(made).toBe(9);
  const values = await readAll(owner.sql, 1, organizationId);
  expect(values.filter((change) => change.entity === 'member' || change.entity === 'number')).toHaveLength(9);
});
