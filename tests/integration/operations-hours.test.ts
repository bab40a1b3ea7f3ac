import { and, desc, eq } from 'drizzle-orm';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '#lib/server/db/index.ts';
import {
  createQueue,
  createSchedule,
  createTemporary,
  removeTemporary,
  switchOffTemporary,
  switchOnTemporary,
  undoTemporary,
  updateQueue,
  updateSchedule,
  updateTemporary,
  type Outcome
} from '#lib/server/operations/index.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import { readQueue } from '#lib/server/operations/read-queues.ts';
import { nextOpening } from '#lib/server/operations/read-temporary.ts';
import { healthKeys, readHealth, type WorkerHealth } from '#lib/server/health.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { TemporaryValue } from '#lib/acd/configuration.ts';
import type { VersionedEntity } from '#lib/server/db/schema/configuration.ts';
import { plainRule, type HolidaySettings, type ScheduleRule, type ScheduleValue } from '#lib/hours/schedule.ts';
import { must, openFixture, testCell, unique, type Fixture } from './db-fixture.ts';

/** Hours as administrators set them (P1–P3). */
let fixture: Fixture;
let administrator: Actor;
/** Nobody's but this file's. */
const cell = testCell + 31;
beforeAll(async () => {
  fixture = await openFixture();
  administrator = await fixture.organization();
});
afterAll(() => fixture.close());

const daily: ScheduleRule = plainRule({ frequency: 'daily', intervals: [{ fromMinute: 480, toMinute: 1020 }] });
const sweden: HolidaySettings = {
  country: 'SE',
  region: null,
  days: [{ rule: '12-31', hours: { fromMinute: 0, toMinute: 720 } }],
  own: [{ name: 'Flytt', date: '2026-12-18', yearly: false, hours: 'closed' }]
};
const make = (holidays: HolidaySettings | null = null) =>
  must(
    fixture.operations.run(createSchedule, administrator, {
      name: unique(),
      timeZone: 'Europe/Stockholm',
      rules: [daily],
      holidays
    })
  );
const update = (id: string, change: object) => fixture.operations.run(updateSchedule, administrator, { id, ...change });
async function newest<Value = ScheduleValue>(id: string, entity: VersionedEntity = 'schedule'): Promise<Value> {
  const table = schema.configurationVersion;
  const [row] = await fixture.owner.db
    .select({ value: table.value })
    .from(table)
    .where(and(eq(table.organizationId, administrator.organizationId), eq(table.entity, entity), eq(table.id, id)))
    .orderBy(desc(table.version))
    .limit(1);
  return row?.value as Value;
}

test('P3: holidays go to the worker with the rules, and each part is changed without the other', async () => {
  const { id } = await make();
  await must(update(id, { holidays: sweden }));
  expect(await newest(id)).toMatchObject({ rules: [daily], holidays: sweden });
  const later = { ...daily, intervals: [{ fromMinute: 540, toMinute: 600 }] };
  await must(update(id, { rules: [later] }));
  expect(await newest(id)).toMatchObject({ rules: [later], holidays: sweden });
  await must(update(id, { holidays: null }));
  expect(await newest(id)).toMatchObject({ rules: [later], holidays: null });
});

test.each([
  [{ frequency: 'monthly', byMonthDay: [0] }, 'byMonthDay.0'],
  [{ frequency: 'weekly', byMonthDay: [1] }, 'byMonthDay'],
  [{ frequency: 'yearly', byMonth: [2], byMonthDay: [30] }, 'byMonthDay'],
  [{ frequency: 'yearly', byMonth: [13] }, 'byMonth.0'],
  [{ frequency: 'monthly', bySetPos: [1] }, 'bySetPos'],
  [{ frequency: 'weekly', byDay: ['MO'], bySetPos: [3] }, 'bySetPos'],
  [{ every: 0 }, 'every'],
  [{ validFrom: '2026-03-01', validTo: '2026-02-28' }, 'validTo'],
  [{ intervals: [{ fromMinute: 600, toMinute: 600 }] }, 'intervals.0.toMinute'],
  [{ intervals: [{ fromMinute: 60, toMinute: 1501 }] }, 'intervals.0.toMinute']
])('P1: a rule with %j is refused with its field', async (wrong, field) => {
  const { id } = await make();
  const refused = await update(id, { rules: [{ ...daily, ...wrong }] });
  expect(refused).toEqual({ ok: false, code: 'bad-input', field: `rules.0.${field}` });
});

test('a schedule that cannot be evaluated is an alarm in /health', async () => {
  const redis = new Redis(String(process.env.VAXEL_REDIS));
  try {
    const alarms = async (hoursBroken: number) => {
      const state: WorkerHealth = { lease: 1, reconciled: true, durable: true, asterisk: true, hoursBroken };
      await redis.set(healthKeys.worker(cell), JSON.stringify(state), 'PX', 10_000);
      const readProgress = () => Promise.resolve({ at: { epoch: 0, n: 0 }, refused: 0 });
      const health = await readHealth({ cell, redis, readProgress, asteriskSip: 'ws://127.0.0.1:9', nowMs: Date.now });
      return health.alarms;
    };
    expect(await alarms(1)).toEqual(['hours-broken']);
    expect(await alarms(0)).toEqual([]);
  } finally {
    redis.disconnect();
  }
});

test.each([
  [{ country: 'XX' }, 'country-unknown', 'country'],
  [{ country: 'sweden' }, 'bad-input', 'holidays.country'],
  [{ region: 'BY' }, 'region-unknown', 'region'],
  [
    { days: [{ rule: '12-31', hours: { fromMinute: 720, toMinute: 720 } }] },
    'bad-input',
    'holidays.days.0.hours.toMinute'
  ],
  [
    { days: [{ rule: '12-31', hours: { fromMinute: 0, toMinute: 1500 } }] },
    'bad-input',
    'holidays.days.0.hours.toMinute'
  ],
  [{ own: [{ ...sweden.own[0], date: '2026-02-30' }] }, 'bad-input', 'holidays.own.0.date'],
  [{ own: [{ ...sweden.own[0], name: ' ' }] }, 'bad-input', 'holidays.own.0.name']
])('%j is refused with its field', async (wrong, code, field) => {
  const { id } = await make(sweden);
  expect(await update(id, { holidays: { ...sweden, ...wrong } })).toEqual({ ok: false, code, field });
  expect(await newest(id)).toMatchObject({ holidays: sweden });
});

const queue = async (kind: 'plus' | 'basic' = 'plus', tags: string[] = [], by = administrator) => {
  const { id } = await must(fixture.operations.run(createQueue, by, { name: unique(), kind }));
  await must(fixture.operations.run(updateQueue, by, { id, tags }));
  return id;
};
const everything = { all: true, queueIds: [], tags: [], kinds: [] };
const prepared = (change: object = {}, by = administrator) =>
  must(
    fixture.operations.run(createTemporary, by, {
      name: unique(),
      effect: 'closed',
      waiting: 'stay',
      minutes: 120,
      target: everything,
      ...change
    } as Parameters<typeof createTemporary.run>[1])
  );
const stateOf = (id: string) => newest<TemporaryValue>(id, 'temporary');

test('P2: one act switches it on for the queues it means, another off; an undo of either is one, too', async () => {
  const [one, two, three] = [await queue('plus', ['west']), await queue('basic'), await queue()];
  const target = { all: false, queueIds: [three], tags: ['west'], kinds: ['basic'] };
  const { id } = await prepared({ target });
  const before = Date.now();
  const on = await must(fixture.operations.run(switchOnTemporary, administrator, { id, minutes: 30 }));
  const value = await stateOf(id);
  expect(value.on?.queueIds.toSorted()).toEqual([one, two, three].toSorted());
  expect((value.on?.untilMs ?? 0) - (value.on?.fromMs ?? 0)).toBe(30 * 60_000);
  expect(value.on?.fromMs).toBeGreaterThanOrEqual(before);
  const shown = () =>
    withOrganization(fixture.web.db, administrator.organizationId, (tx) =>
      readQueue(tx, administrator.organizationId, one, Date.now())
    );
  const { hours } = await shown();
  expect(hours).toMatchObject({ open: false, reason: 'temporary', temporary: value.name, untilMs: value.on?.untilMs });

  const off = await must(fixture.operations.run(switchOffTemporary, administrator, { id }));
  expect((await stateOf(id)).on).toBeNull();
  expect((await shown()).hours).toMatchObject({ open: true, temporary: null });
  const undo = (version: number) => must(fixture.operations.run(undoTemporary, administrator, { id, version }));
  await undo(off.previousVersion);
  expect((await stateOf(id)).on).toEqual(value.on);
  await undo(on.previousVersion);
  expect((await stateOf(id)).on).toBeNull();
  const twice = await fixture.operations.run(switchOffTemporary, administrator, { id });
  expect(twice).toEqual({ ok: false, code: 'nothing-to-undo', field: null });
  const audit = await fixture.owner.sql`
    select operation, by from configuration_version where entity = 'temporary' and id = ${id} order by version`;
  expect(audit.map(({ operation }) => String(operation))).toEqual([
    'temporary.create',
    'temporary.switch-on',
    'temporary.switch-off',
    'temporary.undo',
    'temporary.undo'
  ]);
  expect(audit.every(({ by }) => by === administrator.userId)).toBe(true);
  await must(fixture.operations.run(removeTemporary, administrator, { id }));
  expect(await stateOf(id)).toBeNull();
});

test('P2: what is over is not on any more, and a change then does not bring it back', async () => {
  await queue();
  const { id } = await prepared();
  await must(fixture.operations.run(switchOnTemporary, administrator, { id, minutes: 1 }));
  await fixture.owner.sql`
    update temporary_schedule set "on" = jsonb_set("on", '{untilMs}', to_jsonb(1)) where id = ${id}`;
  await must(fixture.operations.run(updateTemporary, administrator, { id, minutes: 60 }));
  expect((await stateOf(id)).on).toBeNull();
});

test('P2: it reaches no other organization, nobody else, and means queues of one’s own', async () => {
  const stranger = await fixture.organization();
  const foreign = await queue('plus', [], stranger);
  const { id } = await prepared();
  const refused = async (outcome: Promise<Outcome<unknown>>) => {
    const settled = await outcome;
    return settled.ok ? 'done' : `${settled.code} ${settled.field}`;
  };
  expect(await refused(fixture.operations.run(switchOnTemporary, stranger, { id }))).toBe('not-found null');
  const agent: Actor = { ...administrator, role: 'agent' };
  expect(await refused(fixture.operations.run(switchOnTemporary, agent, { id }))).toBe('forbidden null');
  const target = { ...everything, all: false, queueIds: [foreign] };
  expect(await refused(fixture.operations.run(updateTemporary, administrator, { id, target }))).toBe(
    'not-found target'
  );
  const none = { ...everything, all: false };
  const nothing = fixture.operations.run(updateTemporary, administrator, { id, target: none });
  expect(await refused(nothing)).toBe('bad-input target.queueIds');
  const nowhere = await prepared({ target: { ...none, tags: ['nowhere'] } });
  const empty = fixture.operations.run(switchOnTemporary, administrator, { id: nowhere.id });
  expect(await refused(empty)).toBe('no-queues target');
  for (const minutes of [0, 31 * 24 * 60 + 1]) {
    const outside = fixture.operations.run(switchOnTemporary, administrator, { id, minutes });
    expect(await refused(outside)).toBe('bad-input minutes');
  }
});

test('the next opening is after its end, by the queue’s own hours and holidays', () => {
  const office = { timeZone: 'Europe/Stockholm', rules: [daily], holidays: sweden };
  const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(office.timeZone).epochMilliseconds;
  expect(nextOpening(office, at('2026-03-12T12:00'))).toBe(at('2026-03-12T12:00'));
  expect(nextOpening(office, at('2026-03-12T18:00'))).toBe(at('2026-03-13T08:00'));
  expect(nextOpening(office, at('2026-12-23T18:00'))).toBe(at('2026-12-27T08:00'));
  expect(nextOpening(null, at('2026-12-23T18:00'))).toBe(at('2026-12-23T18:00'));
  expect(nextOpening({ ...office, rules: [] }, at('2026-12-23T18:00'))).toBeNull();
});
