import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '#lib/server/db/index.ts';
import {
  addMember,
  createNumber,
  createQueue,
  createSkill,
  createUser,
  removeMember,
  removeSkill,
  renameSkill,
  restoreMember,
  restoreQueue,
  setAgentSkill,
  updateNumber,
  updateQueue
} from '#lib/server/operations/index.ts';
import { must, openFixture, unique, uniqueNumber, type Fixture } from './db-fixture.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { VersionedEntity } from '#lib/server/db/schema/configuration.ts';

/** Who is offered what, as administrators set it: skills, needs, priority, members' own settings (P14, P15, B11). */
let fixture: Fixture;
let administrator: Actor;
let stranger: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  [administrator, stranger] = await Promise.all([fixture.organization(), fixture.organization()]);
});
afterAll(() => fixture.close());

const skill = (by = administrator, name = unique()) => must(fixture.operations.run(createSkill, by, { name }));
const queue = (name = unique()) => must(fixture.operations.run(createQueue, administrator, { name, kind: 'plus' }));
const user = (role: 'agent' | 'supervisor' = 'agent') =>
  must(
    fixture.operations.run(createUser, administrator, {
      name: 'Anna Berg',
      email: `${unique()}@nordhamn.example`,
      password: 'correct-horse',
      role
    })
  );
const know = (userId: string, skillId: string, level: number | null, by = administrator) =>
  fixture.operations.run(setAgentSkill, by, { userId, skillId, level });
const needing = (skillId: string, level = 5) => [
  { afterSeconds: 0, skills: [{ skillId, level }] },
  { afterSeconds: 60, skills: [] }
];

async function values(entity: VersionedEntity, id: string): Promise<Record<string, unknown>[]> {
  const table = schema.configurationVersion;
  const rows = await fixture.owner.db
    .select({ value: table.value })
    .from(table)
    .where(and(eq(table.organizationId, administrator.organizationId), eq(table.entity, entity), eq(table.id, id)))
    .orderBy(asc(table.version));
  return rows.map((row) => row.value as Record<string, unknown>);
}

test('a skill is made, renamed and removed as versions; its name belongs to one', async () => {
  const name = unique();
  const { id } = await skill(administrator, name);
  const again = await fixture.operations.run(createSkill, administrator, { name });
  expect(again).toEqual({ ok: false, code: 'name-taken', field: 'name' });
  await skill(stranger, name);
  const renamed = unique();
  await must(fixture.operations.run(renameSkill, administrator, { id, name: renamed }));
  await must(fixture.operations.run(removeSkill, administrator, { id }));
  const value = { type: 'skill', id, organizationId: administrator.organizationId };
  expect(await values('skill', id)).toEqual([{ ...value, name }, { ...value, name: renamed }, null]);
});

test('only administrators change skills', async () => {
  const { id } = await skill();
  for (const role of ['supervisor', 'agent'] as const) {
    const actor: Actor = { ...administrator, role };
    const refused = { ok: false, code: 'forbidden', field: null };
    expect(await fixture.operations.run(createSkill, actor, { name: unique() })).toEqual(refused);
    expect(await fixture.operations.run(renameSkill, actor, { id, name: unique() })).toEqual(refused);
    expect(await fixture.operations.run(removeSkill, actor, { id })).toEqual(refused);
    expect(await know(administrator.userId, id, 5, actor)).toEqual(refused);
  }
});

test('another organization’s skill can be neither changed, needed nor known', async () => {
  const { id: theirs } = await skill(stranger);
  const { id: queueId } = await queue();
  const { id: userId } = await user();
  const { id: numberId } = await must(
    fixture.operations.run(createNumber, administrator, { number: uniqueNumber(), queueId })
  );
  const needs = needing(theirs);
  const run = fixture.operations.run;
  expect(await run(renameSkill, administrator, { id: theirs, name: unique() })).toMatchObject({ code: 'not-found' });
  expect(await run(removeSkill, administrator, { id: theirs })).toMatchObject({ code: 'not-found' });
  const unknown = (field: string) => ({ ok: false, code: 'skill-unknown', field });
  expect(await run(updateQueue, administrator, { id: queueId, needs })).toEqual(unknown('needs'));
  expect(await run(updateNumber, administrator, { id: numberId, needs })).toEqual(unknown('needs'));
  expect(await know(userId, theirs, 5)).toEqual(unknown('skillId'));
  const { id: ours } = await skill();
  expect(await know(userId, ours, 5, stranger)).toMatchObject({ code: 'not-found' });
});

test('an agent’s skills stand in their value, in order; taking one away is a change too, the same again is none', async () => {
  const { id: userId } = await user();
  const [one, two] = [(await skill()).id, (await skill()).id].toSorted() as [string, string];
  await must(know(userId, two, 3));
  await must(know(userId, one, 9));
  await must(know(userId, one, 9));
  await must(know(userId, two, null));
  expect((await values('agent', userId)).map((value) => value.skills)).toEqual([
    [],
    [{ skillId: two, level: 3 }],
    [
      { skillId: one, level: 9 },
      { skillId: two, level: 3 }
    ],
    [{ skillId: one, level: 9 }]
  ]);
  expect(await know(userId, one, 11)).toEqual({ ok: false, code: 'bad-input', field: 'level' });
  const { id: supervisor } = await user('supervisor');
  expect(await know(supervisor, one, 5)).toEqual({ ok: false, code: 'not-an-agent', field: 'userId' });
});

test('a skill that a queue or a number needs stays, and who needs it is named; else agents lose it with it', async () => {
  const { id } = await skill();
  const name = unique();
  const { id: queueId } = await queue(name);
  const { id: userId } = await user();
  await must(know(userId, id, 5));
  const number = uniqueNumber();
  const { id: numberId } = await must(fixture.operations.run(createNumber, administrator, { number, queueId }));
  await must(fixture.operations.run(updateQueue, administrator, { id: queueId, needs: needing(id) }));
  await must(fixture.operations.run(updateNumber, administrator, { id: numberId, needs: needing(id, 2) }));
  const remove = () => fixture.operations.run(removeSkill, administrator, { id });
  const both = await remove();
  expect(both).toMatchObject({ ok: false, code: 'skill-needed' });
  expect(!both.ok && both.detail?.replace(/\D/g, '')).toContain(number.slice(3));
  expect(!both.ok && both.detail).toContain(`${name}, `);
  await must(fixture.operations.run(updateNumber, administrator, { id: numberId, needs: [] }));
  expect(await remove()).toEqual({ ok: false, code: 'skill-needed', field: null, detail: name });
  await must(fixture.operations.run(updateQueue, administrator, { id: queueId, needs: [] }));
  await must(remove());
  expect((await values('agent', userId)).map((value) => value.skills)).toEqual([[], [{ skillId: id, level: 5 }], []]);
});

test('a queue is not taken back to a version that needs a skill which is gone', async () => {
  const { id } = await skill();
  const { id: queueId } = await queue();
  const { version } = await must(
    fixture.operations.run(updateQueue, administrator, { id: queueId, needs: needing(id), distribution: 'fair' })
  );
  await must(fixture.operations.run(updateQueue, administrator, { id: queueId, needs: [] }));
  await must(fixture.operations.run(removeSkill, administrator, { id }));
  const restored = await fixture.operations.run(restoreQueue, administrator, { id: queueId, version });
  expect(restored).toEqual({ ok: false, code: 'skill-unknown', field: 'needs' });
  expect((await values('queue', queueId)).at(-1)).toMatchObject({ needs: [], distribution: 'fair' });
});

test('a skill cannot be removed while it is being made a need, whichever comes first', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await skill();
    const { id: queueId } = await queue();
    const [needed, removed] = await Promise.all([
      fixture.operations.run(updateQueue, administrator, { id: queueId, needs: needing(id) }),
      fixture.operations.run(removeSkill, administrator, { id })
    ]);
    expect([needed.ok, removed.ok].filter(Boolean)).toHaveLength(1);
  }
});

test('a number has needs and priority of its own; what is left out stays', async () => {
  const { id: skillId } = await skill();
  const { id: queueId } = await queue();
  const { id } = await must(
    fixture.operations.run(createNumber, administrator, { number: uniqueNumber(), queueId, language: 'en' })
  );
  const needs = needing(skillId);
  await must(fixture.operations.run(updateNumber, administrator, { id, needs, creditSeconds: 90 }));
  await must(fixture.operations.run(updateNumber, administrator, { id, strict: true }));
  expect((await values('number', id)).slice(1)).toMatchObject([
    { needs, creditSeconds: 90, strict: false, language: 'en', queueId },
    { needs, creditSeconds: 90, strict: true, language: 'en', queueId }
  ]);
  const late = { id, needs: [{ afterSeconds: 10, skills: [] }] };
  expect(await fixture.operations.run(updateNumber, administrator, late)).toMatchObject({ code: 'bad-input' });
});

test('a member’s tier and own wrap-up change each by itself, and come back together', async () => {
  const { id: queueId } = await queue();
  const { id: userId } = await user();
  const add = (settings: { tier?: number; wrapUpSeconds?: number | null }) =>
    must(fixture.operations.run(addMember, administrator, { queueId, userId, ...settings }));
  await add({});
  await add({ wrapUpSeconds: 90 });
  await add({ tier: 3 });
  await add({});
  await must(fixture.operations.run(removeMember, administrator, { queueId, userId }));
  await must(fixture.operations.run(restoreMember, administrator, { queueId, userId }));
  await add({ wrapUpSeconds: null });
  const written = (await values('member', `${queueId}:${userId}`)).map(
    (value) => value && [value.tier, value.wrapUpSeconds]
  );
  expect(written).toEqual([[1, null], [1, 90], [3, 90], null, [3, 90], [3, null]]);
  const long = await fixture.operations.run(addMember, administrator, { queueId, userId, wrapUpSeconds: 601 });
  expect(long).toEqual({ ok: false, code: 'bad-input', field: 'wrapUpSeconds' });
});
