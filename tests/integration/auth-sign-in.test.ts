import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSession, createSignIn, endSession, sessionSeconds, validateSession } from '#lib/server/auth/index.ts';
import { schema } from '#lib/server/db/index.ts';
import { changeSoftphonePassword, createUser, resetPassword, setUserActive } from '#lib/server/operations/index.ts';
import { readDevices } from '#lib/server/configuration/index.ts';
import { openFixture, testCell, unique, type Fixture } from './db-fixture.ts';

let fixture: Fixture;
let administrator: Awaited<ReturnType<Fixture['organization']>>;
const now = Date.now();

beforeAll(async () => {
  fixture = await openFixture();
  administrator = await fixture.organization();
});
afterAll(() => fixture.close());

test('the right password opens a session that says who it is; the table holds no token', async () => {
  const signedIn = await createSignIn(fixture.web.db).signIn(
    administrator.email.toUpperCase(),
    administrator.password,
    '192.0.2.1',
    now
  );
  if (!signedIn.ok) throw new Error(signedIn.code);
  const session = await validateSession(fixture.web.db, signedIn.token, now);
  expect(session).toMatchObject({
    renewed: false,
    actor: {
      userId: administrator.userId,
      organizationId: administrator.organizationId,
      role: 'administrator',
      language: 'sv'
    }
  });
  const rows = await fixture.owner.db
    .select()
    .from(schema.session)
    .where(eq(schema.session.userId, administrator.userId));
  expect(rows.map((row) => row.tokenHash)).not.toContain(signedIn.token);
  if (session) await endSession(fixture.web.db, session);
  expect(await validateSession(fixture.web.db, signedIn.token, now)).toBeNull();
});

test('a wrong password and an unknown address get the same answer', async () => {
  const { signIn } = createSignIn(fixture.web.db);
  const wrong = { ok: false, code: 'wrong-credentials' };
  expect(await signIn(administrator.email, 'not-the-password', '192.0.2.2', now)).toEqual(wrong);
  expect(await signIn(`${unique()}@nordhamn.example`, 'not-the-password', '192.0.2.2', now)).toEqual(wrong);
});

test('after five failures the account is blocked from that address, with the right password too, and not from another', async () => {
  const { signIn } = createSignIn(fixture.web.db);
  const tries = await Promise.all(
    Array.from({ length: 8 }, () => signIn(administrator.email, 'guess', '192.0.2.3', now))
  );
  expect(tries.filter((answer) => !answer.ok && answer.code === 'wrong-credentials')).toHaveLength(5);
  const blocked = await signIn(administrator.email, administrator.password, '192.0.2.3', now);
  expect(blocked).toMatchObject({ ok: false, code: 'too-many-attempts' });
  expect(!blocked.ok && 'retryAfterSeconds' in blocked && blocked.retryAfterSeconds).toBeGreaterThan(60);
  expect(await signIn(administrator.email, administrator.password, '192.0.2.4', now)).toMatchObject({ ok: true });
});

test('signing in rightly many times blocks nobody', async () => {
  const { signIn } = createSignIn(fixture.web.db);
  for (let n = 0; n < 8; n++) {
    expect(await signIn(administrator.email, administrator.password, '192.0.2.5', now)).toMatchObject({ ok: true });
  }
});

test('a session slides in its second half, and ends unused', async () => {
  const { token } = await createSession(fixture.web.db, administrator, now);
  const later = now + sessionSeconds * 600;
  expect(await validateSession(fixture.web.db, token, later)).toMatchObject({ renewed: true });
  expect(await validateSession(fixture.web.db, token, later + sessionSeconds * 400)).toMatchObject({ renewed: false });
  expect(await validateSession(fixture.web.db, token, later + sessionSeconds * 1001)).toBeNull();
});

test('deactivating a user, and resetting a password, end their sessions at once', async () => {
  const { operations, web } = fixture;
  const email = `${unique()}@nordhamn.example`;
  const made = await operations.run(createUser, administrator, { name: 'Anna Berg', email, password: 'correct-horse' });
  if (!made.ok) throw new Error(made.code);
  const { id } = made.result;
  const { signIn } = createSignIn(web.db);
  const first = await signIn(email, 'correct-horse', '192.0.2.6', now);
  await operations.run(resetPassword, administrator, { id, password: 'another-horse' });
  expect(first.ok && (await validateSession(web.db, first.token, now))).toBeNull();
  expect(await signIn(email, 'correct-horse', '192.0.2.6', now)).toMatchObject({ code: 'wrong-credentials' });
  const second = await signIn(email, 'another-horse', '192.0.2.6', now);
  expect(second.ok && (await validateSession(web.db, second.token, now))).toBeTruthy();
  await operations.run(setUserActive, administrator, { id, active: false });
  expect(second.ok && (await validateSession(web.db, second.token, now))).toBeNull();
  expect(await signIn(email, 'another-horse', '192.0.2.6', now)).toMatchObject({ code: 'wrong-credentials' });
});

test('a softphone’s password is changed by administrators of its own organization alone, and signs its agent out', async () => {
  const { web, owner, operations } = fixture;
  const made = await operations.run(createUser, administrator, {
    name: 'Anna Berg',
    email: `${unique()}@nordhamn.example`,
    password: 'correct-horse'
  });
  if (!made.ok) throw new Error(made.code);
  const { id } = made.result;
  const agent = { ...administrator, userId: id, role: 'agent' as const };
  const session = await createSession(web.db, agent, now);
  const secret = '0'.repeat(64);
  const password = async () => {
    const [device] = await owner.sql<{ id: string }[]>`select id from device where user_id = ${id}`;
    const devices = await readDevices(owner.sql, { cell: testCell, secret });
    return devices.find(({ deviceId }) => deviceId === device?.id)?.password;
  };
  const before = await password();
  const another = await fixture.organization();
  expect(await operations.run(changeSoftphonePassword, agent, { id })).toMatchObject({ code: 'forbidden' });
  expect(await operations.run(changeSoftphonePassword, another, { id })).toMatchObject({ code: 'not-found' });
  expect(await operations.run(changeSoftphonePassword, administrator, { id: administrator.userId })).toMatchObject({
    code: 'no-softphone'
  });
  expect(await password()).toBe(before);
  expect(await validateSession(web.db, session.token, now)).toBeTruthy();

  expect(await operations.run(changeSoftphonePassword, administrator, { id })).toMatchObject({ ok: true });
  expect(await password()).toMatch(/^[\w-]{24}$/);
  expect(await password()).not.toBe(before);
  expect(await validateSession(web.db, session.token, now)).toBeNull();
  const [row] = await owner.sql`
    select operation, by, applied_at, value ->> 'id' as agent from configuration_version
    where organization_id = ${administrator.organizationId} and entity = 'agent' and id = ${id}
    order by version desc limit 1`;
  expect(row).toEqual({
    operation: 'user.change-softphone-password',
    by: administrator.userId,
    applied_at: null,
    agent: id
  });
});
