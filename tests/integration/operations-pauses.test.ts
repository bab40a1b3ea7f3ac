import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { schema, withOrganization } from '#lib/server/db/index.ts';
import { readIntents, writeIntent } from '#lib/server/history/intents.ts';
import { readPauseReasons, restorePauseReasons, updatePauseReasons } from '#lib/server/operations/pauses.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import { must, openFixture, testCell, unique, type Fixture } from './db-fixture.ts';

/** The organization's reasons for a pause: saved, undone, refused; and a pause as it is kept for a lost state. */
let fixture: Fixture;
let administrator: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  administrator = await fixture.organization();
});
afterAll(() => fixture.close());

const save = (reasons: { id?: string; name: string; minutes: number | null }[], by = administrator) =>
  fixture.operations.run(updatePauseReasons, by, { reasons: reasons.map((one) => ({ id: '', ...one })) });
const stored = (of = administrator) =>
  withOrganization(fixture.web.db, of.organizationId, (tx) => readPauseReasons(tx, of.organizationId));

test('saved in their order with ids that stay, written for the worker, and undone', async () => {
  await must(save([{ name: 'Lunch', minutes: 45 }]));
  const [lunch] = (await stored()).pauseReasons;
  expect(lunch).toEqual({ id: expect.any(String), name: 'Lunch', minutes: 45 });
  const { previousVersion, version } = await must(
    save([
      { name: 'Utbildning', minutes: null },
      { ...lunch!, name: 'Lång lunch' }
    ])
  );
  expect((await stored()).pauseReasons).toEqual([
    { id: expect.any(String), name: 'Utbildning', minutes: null },
    { id: lunch!.id, name: 'Lång lunch', minutes: 45 }
  ]);
  const table = schema.configurationVersion;
  const [written] = await fixture.owner.db
    .select()
    .from(table)
    .where(and(eq(table.organizationId, administrator.organizationId), eq(table.entity, 'organization')))
    .orderBy(desc(table.version))
    .limit(1);
  expect(written).toMatchObject({ version, by: administrator.userId, appliedAt: null });
  expect(written?.value).toMatchObject({ pauseReasons: (await stored()).pauseReasons });
  await must(fixture.operations.run(restorePauseReasons, administrator, { version: previousVersion }));
  expect((await stored()).pauseReasons).toEqual([lunch]);
});

test.each([
  [[{ name: ' ', minutes: null }], 'reasons.0.name'],
  [[{ name: 'Lunch', minutes: 0 }], 'reasons.0.minutes'],
  [[{ name: 'Lunch', minutes: 481 }], 'reasons.0.minutes'],
  [
    [
      { name: 'Lunch', minutes: null },
      { name: 'LUNCH ', minutes: 5 }
    ],
    'reasons.1.name'
  ],
  [Array.from({ length: 21 }, (_, n) => ({ name: `Orsak ${n}`, minutes: null })), 'reasons']
])('%j is refused at %s', async (reasons, field) => {
  expect(await save(reasons)).toMatchObject({ ok: false, code: 'bad-input', field });
});

test('an agent and a supervisor change none', async () => {
  for (const role of ['agent', 'supervisor'] as const)
    expect(await save([], { ...administrator, role })).toMatchObject({ ok: false, code: 'forbidden' });
});

test('a pause is kept with its reason’s id and its limit, and one without has neither', async () => {
  const { organizationId } = await fixture.organization();
  const agentId = id.agent(unique());
  const of = { v: 1 as const, organizationId: id.organization(organizationId), agentId };
  const write = (fact: Omit<Fact, 'v' | 'organizationId' | 'agentId'>) =>
    fixture.owner.sql.begin((tx) => writeIntent(tx, testCell, { ...of, ...fact } as Parameters<typeof writeIntent>[2]));
  const kept = async () =>
    (await readIntents(fixture.owner.sql, testCell)).find((one) => one.agentId === agentId)?.paused;
  const on = { type: 'shift-changed', on: true, deviceId: id.device('d'), reachable: true, atMs: 1_000 } as const;
  await write(on as never);
  const pause = { type: 'pause-changed', paused: true, atMs: 2_000 } as const;
  await write({ ...pause, reason: 'Lunch', reasonId: 'r1', untilMs: 62_000 } as never);
  expect(await kept()).toEqual({ reason: 'Lunch', sinceMs: 2_000, reasonId: 'r1', untilMs: 62_000 });
  await write({ ...pause, reason: null } as never);
  expect(await kept()).toEqual({ reason: null, sinceMs: 2_000 });
  await write({ ...pause, paused: false, reason: null } as never);
  expect(await kept()).toBeNull();
});
