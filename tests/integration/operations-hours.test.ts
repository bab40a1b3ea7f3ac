import { and, desc, eq } from 'drizzle-orm';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '#lib/server/db/index.ts';
import { createSchedule, updateSchedule, type Outcome } from '#lib/server/operations/index.ts';
import { healthKeys, readHealth, type WorkerHealth } from '#lib/server/health.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { HolidaySettings, ScheduleRule, ScheduleValue } from '#lib/hours/schedule.ts';
import { openFixture, testCell, unique, type Fixture } from './db-fixture.ts';

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

async function must<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`${settled.code} at ${settled.field}`);
  return settled.result;
}
const daily: ScheduleRule = {
  effect: 'open',
  reason: null,
  frequency: 'daily',
  every: 1,
  byDay: null,
  byMonthDay: null,
  byMonth: null,
  bySetPos: null,
  intervals: [{ fromMinute: 480, toMinute: 1020 }],
  validFrom: null,
  validTo: null
};
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
async function newest(id: string): Promise<ScheduleValue> {
  const table = schema.configurationVersion;
  const [row] = await fixture.owner.db
    .select({ value: table.value })
    .from(table)
    .where(and(eq(table.organizationId, administrator.organizationId), eq(table.entity, 'schedule'), eq(table.id, id)))
    .orderBy(desc(table.version))
    .limit(1);
  return row?.value as ScheduleValue;
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
