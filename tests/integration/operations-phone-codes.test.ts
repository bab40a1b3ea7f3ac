import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#lib/server/auth/index.ts';
import { schema } from '#lib/server/db/index.ts';
import {
  createTemporary,
  createUser,
  setUserActive,
  switchByPhone,
  undoTemporary,
  updateTemporary
} from '#lib/server/operations/index.ts';
import { createQueue } from '#lib/server/operations/queues.ts';
import { must, openFixture, unique, type Fixture } from './db-fixture.ts';

/** Temporary schedules switched by phone (P2): by whom, and what is written. */
let fixture: Fixture;
let administrator: Actor;
let stranger: Actor;
let agent: { organizationId: string; userId: string };
beforeAll(async () => {
  fixture = await openFixture();
  [administrator, stranger] = await Promise.all([fixture.organization(), fixture.organization()]);
  agent = await person();
  for (const by of [administrator, stranger])
    await must(fixture.operations.run(createQueue, by, { name: unique(), kind: 'plus' }));
});
afterAll(() => fixture.close());

async function person() {
  const input = {
    name: 'Anna',
    email: `${unique()}@test.example`,
    role: 'agent',
    plan: 'pro',
    language: 'sv'
  } as const;
  const { organizationId } = administrator;
  const made = fixture.operations.run(createUser, administrator, { ...input, password: 'correct-horse-battery' });
  return { organizationId, userId: (await must(made)).id };
}

let numbers = 0;
async function temporary(phone: { phoneNumber?: number | null; phoneAgents?: boolean } = {}, by = administrator) {
  const phoneNumber = (numbers += 1);
  const target = { all: true, queueIds: [], tags: [], kinds: [] };
  const what = { name: unique(), effect: 'closed', waiting: 'stay', minutes: 90, target } as const;
  const { id } = await must(fixture.operations.run(createTemporary, by, { ...what, phoneNumber, ...phone }));
  return { id, phoneNumber };
}

const dial = (who: typeof agent, phoneNumber: number, on: boolean) =>
  switchByPhone({ db: fixture.web.db, operations: fixture.operations }, who, { phoneNumber, on });

async function stored(id: string) {
  const [row] = await fixture.owner.db
    .select()
    .from(schema.temporarySchedule)
    .where(eq(schema.temporarySchedule.id, id));
  return row;
}

test('an agent switches what agents may: for its own minutes, with their name in the audit; the page undoes it', async () => {
  const { id, phoneNumber } = await temporary({ phoneAgents: true });
  const from = Date.now();
  const { version } = await must(dial(agent, phoneNumber, true));
  const on = (await stored(id))?.on;
  expect(on?.queueIds).toHaveLength(1);
  expect(on!.untilMs - on!.fromMs).toBe(90 * 60_000);
  expect(on!.fromMs).toBeGreaterThanOrEqual(from);
  const table = schema.configurationVersion;
  const [audit] = await fixture.owner.db
    .select()
    .from(table)
    .where(and(eq(table.entity, 'temporary'), eq(table.id, id)))
    .orderBy(desc(table.version))
    .limit(1);
  expect(audit).toMatchObject({ by: agent.userId, operation: 'temporary.switch-by-phone', version });
  await must(fixture.operations.run(undoTemporary, administrator, { id, version: version - 1 }));
  expect((await stored(id))?.on).toBeNull();
  await must(dial(agent, phoneNumber, true));
  await must(dial(agent, phoneNumber, false));
  expect((await stored(id))?.on).toBeNull();
  expect(await dial(agent, phoneNumber, false)).toMatchObject({ ok: false, code: 'nothing-to-undo' });
});

test('what agents may not, only whoever may change hours on the page switches', async () => {
  const { id, phoneNumber } = await temporary({ phoneAgents: false });
  expect(await dial(agent, phoneNumber, true)).toMatchObject({ ok: false, code: 'forbidden' });
  expect((await stored(id))?.on).toBeNull();
  await must(dial(administrator, phoneNumber, true));
  expect((await stored(id))?.on).not.toBeNull();
});

test('a number without a schedule, another organization’s, and one taken away are not found', async () => {
  const theirs = await temporary({ phoneAgents: true }, stranger);
  const { id, phoneNumber } = await temporary({ phoneAgents: true });
  await must(fixture.operations.run(updateTemporary, administrator, { id, phoneNumber: null }));
  for (const number of [999, theirs.phoneNumber, phoneNumber])
    expect(await dial(agent, number, true)).toMatchObject({ ok: false, code: 'not-found' });
});

test('whoever has left switches nothing', async () => {
  const { phoneNumber } = await temporary({ phoneAgents: true });
  const left = await person();
  await must(fixture.operations.run(setUserActive, administrator, { id: left.userId, active: false }));
  expect(await dial(left, phoneNumber, true)).toMatchObject({ ok: false, code: 'forbidden' });
});

test('two of an organization cannot have one number; two organizations can; other changes leave it', async () => {
  const { id, phoneNumber } = await temporary({ phoneAgents: true });
  const other = await temporary();
  const run = fixture.operations.run;
  expect(await run(updateTemporary, administrator, { id: other.id, phoneNumber })).toMatchObject({
    ok: false,
    code: 'phone-number-taken',
    field: 'phoneNumber'
  });
  await temporary({ phoneNumber }, stranger);
  await must(run(updateTemporary, administrator, { id, minutes: 30 }));
  expect(await stored(id)).toMatchObject({ phoneNumber, phoneAgents: true, minutes: 30 });
  expect(await run(updateTemporary, administrator, { id, phoneNumber: 1_000 })).toMatchObject({
    ok: false,
    code: 'bad-input',
    field: 'phoneNumber'
  });
});
