import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  readAll,
  readDevices,
  startConfigurationReader,
  type ConfigurationChange
} from '#lib/server/configuration/index.ts';
import { neverClosing } from '#lib/acd/upgrade.ts';
import { schema } from '#lib/server/db/index.ts';
import {
  addMember,
  createNumber,
  createQueue,
  createUser,
  removeMember,
  restoreMember,
  restoreQueue,
  setUserActive,
  updateQueue,
  updateUser
} from '#lib/server/operations/index.ts';
import { must, openFixture, testCell, unique, uniqueNumber, type Fixture } from './db-fixture.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { VersionedEntity } from '#lib/server/db/schema/configuration.ts';

let fixture: Fixture;
let administrator: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  administrator = await fixture.organization();
});
afterAll(() => fixture.close());

const queue = (name = unique(), kind: 'plus' | 'basic' = 'plus') =>
  must(fixture.operations.run(createQueue, administrator, { name, kind }));
const agent = (plan: 'standard' | 'pro' = 'pro') =>
  must(
    fixture.operations.run(createUser, administrator, {
      name: 'Anna Berg',
      email: `${unique()}@nordhamn.example`,
      password: 'correct-horse',
      plan
    })
  );

async function versions(entity: VersionedEntity, id: string) {
  const table = schema.configurationVersion;
  return fixture.owner.db
    .select()
    .from(table)
    .where(and(eq(table.organizationId, administrator.organizationId), eq(table.entity, entity), eq(table.id, id)))
    .orderBy(asc(table.version));
}

test('a queue’s version row has the value in the engine’s own shape, who wrote it, and nobody has applied it yet', async () => {
  const name = unique();
  const { id } = await queue(name);
  await must(fixture.operations.run(updateQueue, administrator, { id, ringSeconds: 25 }));
  const rows = await versions('queue', id);
  expect(rows.map((row) => [row.version, row.operation, row.by, row.appliedAt])).toEqual([
    [1, 'queue.create', administrator.userId, null],
    [2, 'queue.update', administrator.userId, null]
  ]);
  expect(rows[1]?.value).toEqual({
    type: 'queue',
    id,
    organizationId: administrator.organizationId,
    name,
    kind: 'plus',
    distribution: 'longest-idle',
    parallelAgents: 3,
    needs: [],
    bestSkillFirst: false,
    creditSeconds: 0,
    strict: false,
    tags: [],
    keepPlaceSeconds: 300,
    scheduleId: null,
    welcome: { media: 'welcome', mustBeHeard: true },
    first: { media: 'first', mustBeHeard: false },
    repeated: { media: 'repeated', mustBeHeard: false },
    closed: { media: 'closed', mustBeHeard: false },
    closedBy: {},
    closing: neverClosing,
    repeatEverySeconds: 45,
    position: null,
    positionEverySeconds: 60,
    positionMost: 10,
    waitingTime: null,
    waitingTimeEverySeconds: 120,
    music: null,
    ringSeconds: 25,
    wrapUpSeconds: 30,
    logoutAfterUnanswered: 3,
    declinesCount: true,
    serviceLevelSeconds: 30,
    serviceLevelTargetPercent: 80,
    shortAbandonSeconds: 5,
    warnSeconds: 45,
    badSeconds: 120
  });
  expect(fixture.nudged).toContain(administrator.organizationId);
});

test('a form that read an older version is told, and nothing is written', async () => {
  const { id } = await queue();
  await must(fixture.operations.run(updateQueue, administrator, { id, ringSeconds: 25 }, { ifVersion: 1 }));
  const second = await fixture.operations.run(updateQueue, administrator, { id, ringSeconds: 30 }, { ifVersion: 1 });
  expect(second).toEqual({ ok: false, code: 'version-conflict', field: null });
  expect((await versions('queue', id)).map((row) => row.version)).toEqual([1, 2]);
});

test('the same idempotency key gives the first answer, also to two at once; another input with it is refused', async () => {
  const key = unique();
  const input = { name: unique() };
  const run = () => fixture.operations.run(createQueue, administrator, input, { idempotencyKey: key });
  const [one, two] = await Promise.all([run(), run()]);
  const ids = [one, two].map((outcome) => outcome.ok && outcome.result.id);
  expect(ids[0]).toBeTruthy();
  expect(ids[1]).toBe(ids[0]);
  expect([one, two].filter((outcome) => outcome.ok && outcome.repeated)).toHaveLength(1);
  const other = await fixture.operations.run(createQueue, administrator, { name: unique() }, { idempotencyKey: key });
  expect(other).toEqual({ ok: false, code: 'idempotency-key-reused', field: null });
});

test('a refused operation leaves nothing behind, its key can be used again', async () => {
  const taken = unique();
  await queue(taken);
  const key = unique();
  const refused = await fixture.operations.run(createQueue, administrator, { name: taken }, { idempotencyKey: key });
  expect(refused).toEqual({ ok: false, code: 'name-taken', field: 'name' });
  const retried = await fixture.operations.run(createQueue, administrator, { name: unique() }, { idempotencyKey: key });
  expect(retried).toMatchObject({ ok: true, repeated: false });
});

test('who may not write is refused before anything happens', async () => {
  const supervisor: Actor = { ...administrator, role: 'supervisor' };
  expect(await fixture.operations.run(createQueue, supervisor, { name: unique() })).toEqual({
    ok: false,
    code: 'forbidden',
    field: null
  });
});

test('limits are kept whoever calls', async () => {
  const { id } = await queue();
  const run = (change: object) => fixture.operations.run(updateQueue, administrator, { id, ...change });
  expect(await run({ ringSeconds: 121 })).toEqual({ ok: false, code: 'bad-input', field: 'ringSeconds' });
  expect(await run({ warnSeconds: 300 })).toEqual({ ok: false, code: 'bad-input', field: 'badSeconds' });
});

test('a number is stored as E.164 whatever way it is written, and belongs to one only', async () => {
  const { id: queueId } = await queue();
  const e164 = uniqueNumber();
  const national = `0${e164.slice(3, 4)}-${e164.slice(4)}`;
  const made = await must(fixture.operations.run(createNumber, administrator, { number: national, queueId }));
  expect(made.e164).toBe(e164);
  const elsewhere = await fixture.organization();
  const again = await fixture.operations.run(createNumber, elsewhere, { number: `00${e164.slice(1)}` });
  expect(again).toEqual({ ok: false, code: 'number-taken', field: 'number' });
  const nonsense = await fixture.operations.run(createNumber, administrator, { number: '12' });
  expect(nonsense).toEqual({ ok: false, code: 'number-invalid', field: 'number' });
});

test('P26: adding a member writes their value, removing ends it, undo brings the tier back', async () => {
  const { id: queueId } = await queue();
  const { id: userId } = await agent();
  const member = `${queueId}:${userId}`;
  await must(fixture.operations.run(addMember, administrator, { queueId, userId, tier: 2 }));
  await must(fixture.operations.run(removeMember, administrator, { queueId, userId }));
  await must(fixture.operations.run(restoreMember, administrator, { queueId, userId }));
  const value = {
    type: 'member',
    id: member,
    organizationId: administrator.organizationId,
    queueId,
    agentId: userId,
    tier: 2,
    wrapUpSeconds: null
  };
  expect((await versions('member', member)).map((row) => row.value)).toEqual([value, null, value]);
});

test('P28: a plan without the queue’s kind is refused at adding; a downgrade takes the value away, an upgrade gives it back', async () => {
  const { id: plus } = await queue();
  const { id: basic } = await queue(unique(), 'basic');
  const { id: poor } = await agent('standard');
  const add = (queueId: string, userId: string) =>
    fixture.operations.run(addMember, administrator, { queueId, userId });
  expect(await add(plus, poor)).toEqual({ ok: false, code: 'plan-too-low', field: 'userId' });
  expect(await add(basic, poor)).toMatchObject({ ok: true });
  const { id: rich } = await agent('pro');
  await must(add(plus, rich));
  await must(add(basic, rich));
  const person = {
    id: rich,
    name: 'Anna Berg',
    email: `${unique()}@nordhamn.example`,
    role: 'agent' as const,
    language: 'sv' as const
  };
  await must(fixture.operations.run(updateUser, administrator, { ...person, plan: 'standard' }));
  expect((await versions('member', `${plus}:${rich}`)).map((row) => row.value === null)).toEqual([false, true]);
  expect((await versions('member', `${basic}:${rich}`)).map((row) => row.value === null)).toEqual([false]);
  await must(fixture.operations.run(updateUser, administrator, { ...person, plan: 'business' }));
  expect((await versions('member', `${plus}:${rich}`)).map((row) => row.value === null)).toEqual([false, true, false]);
});

test('an agent has a softphone from the start, and none once deactivated', async () => {
  const { id } = await agent();
  const secret = 'ab'.repeat(32);
  const [value] = await versions('agent', id);
  const { deviceId } = (value?.value ?? {}) as { deviceId: string };
  const read = () => readDevices(fixture.owner.sql, { cell: testCell, secret });
  expect(await read()).toContainEqual({
    deviceId,
    kind: 'softphone',
    username: deviceId,
    password: expect.stringMatching(/^[\w-]{24}$/)
  });
  await must(fixture.operations.run(setUserActive, administrator, { id, active: false }));
  expect((await read()).map((device) => device.deviceId)).not.toContain(deviceId);
  expect((await versions('agent', id)).map((row) => row.value === null)).toEqual([false, true]);
});

test('the last administrator can neither be deactivated nor made something else', async () => {
  const alone = await fixture.organization();
  const deactivated = await fixture.operations.run(setUserActive, alone, { id: alone.userId, active: false });
  expect(deactivated).toMatchObject({ ok: false, code: 'last-administrator' });
  const person = {
    id: alone.userId,
    name: alone.name,
    email: alone.email,
    language: 'sv' as const,
    plan: 'pro' as const
  };
  const demoted = await fixture.operations.run(updateUser, alone, { ...person, role: 'agent' });
  expect(demoted).toEqual({ ok: false, code: 'last-administrator', field: 'role' });
});

test('undo writes an earlier version as a new one', async () => {
  const { id } = await queue();
  await must(fixture.operations.run(updateQueue, administrator, { id, wrapUpSeconds: 90 }));
  await must(fixture.operations.run(restoreQueue, administrator, { id, version: 1 }));
  const rows = await versions('queue', id);
  expect(rows.map((row) => (row.value as { wrapUpSeconds: number }).wrapUpSeconds)).toEqual([30, 90, 30]);
});

test('the reader applies the newest of each, in order, marks all, and keeps what could not be applied', async () => {
  const alone = await fixture.organization();
  const run = fixture.operations.run;
  const { id } = await must(run(createQueue, alone, { name: 'Support' }));
  await must(run(updateQueue, alone, { id, ringSeconds: 40 }));
  const unapplied = () =>
    fixture.owner
      .sql`select 1 from configuration_version where organization_id = ${alone.organizationId} and applied_at is null`;
  const seen: ConfigurationChange[][] = [];
  const errors: unknown[] = [];
  let broken = true;
  const reader = startConfigurationReader({
    sql: fixture.owner.sql,
    cell: testCell,
    everyMs: 60_000,
    onError: (error) => errors.push(error),
    async apply(changes) {
      if (broken) throw new Error('Asterisk is away');
      seen.push(changes.filter((change) => change.organizationId === alone.organizationId));
    }
  });
  await expect.poll(() => errors.length).toBe(1);
  expect(await unapplied()).toHaveLength(3);
  broken = false;
  void reader.nudge();
  await expect.poll(async () => (await unapplied()).length).toBe(0);
  expect(seen.flat().map((change) => [change.entity, change.version])).toEqual([
    ['organization', 1],
    ['queue', 2]
  ]);
  expect(seen.flat()[1]?.value).toMatchObject({ ringSeconds: 40 });
  await must(run(updateQueue, alone, { id, ringSeconds: 41 }));
  void reader.nudge();
  await expect.poll(async () => (await unapplied()).length).toBe(0);
  await reader.stop();
  const all = await readAll(fixture.owner.sql, testCell, alone.organizationId);
  expect(all.map((change) => [change.entity, change.version])).toEqual([
    ['organization', 1],
    ['queue', 3]
  ]);
});
