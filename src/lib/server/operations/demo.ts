import { and, eq } from 'drizzle-orm';
import { schema, type Database } from '#lib/server/db/index.ts';
import type { Actor } from '#lib/server/auth/can.ts';
import type { Language, QueueKind } from '#lib/acd/configuration.ts';
import { plainRule, type HolidaySettings, type ScheduleRule, type Weekday } from '#lib/hours/schedule.ts';
import type { Role } from '#lib/server/db/schema/people.ts';
import { createOperations, type Outcome } from './define.ts';
import { addMember } from './members.ts';
import { createNumber } from './numbers.ts';
import { createOrganization } from './organizations.ts';
import { createQueue } from './queues.ts';
import { createSchedule } from './schedules.ts';
import { createUser } from './users.ts';

const workdays: Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR'];
const everyDay: Weekday[] = [...workdays, 'SA', 'SU'];

/** Support is open at any hour, so that the first try works whenever it is made. */
const schedules: Record<string, ScheduleRule[]> = {
  'Dygnet runt': [weekly(everyDay, 0, 1440)],
  Kontorstid: [weekly(workdays.slice(0, 4), 8 * 60, 17 * 60), weekly(['FR'], 8 * 60, 16 * 60)]
};
/** What runs around the clock has no holidays. */
const holidays: Record<string, HolidaySettings> = { Kontorstid: { country: 'SE', region: null, days: [], own: [] } };
const queues: {
  name: string;
  kind: QueueKind;
  schedule: string;
  number: string;
  language: Language;
  members: string[];
}[] = [
  {
    name: 'Support',
    kind: 'plus',
    schedule: 'Dygnet runt',
    number: '+46846500412',
    language: 'sv',
    members: ['anna', 'erik', 'karin']
  },
  {
    name: 'Sales',
    kind: 'plus',
    schedule: 'Kontorstid',
    number: '+46846500413',
    language: 'sv',
    members: ['anna', 'erik']
  },
  {
    name: 'Switchboard',
    kind: 'attendant',
    schedule: 'Kontorstid',
    number: '+46846500400',
    language: 'sv',
    members: ['karin']
  }
];
const people: { key: string; name: string; role: Role }[] = [
  { key: 'johan', name: 'Johan Lindqvist', role: 'administrator' },
  { key: 'sara', name: 'Sara Wallin', role: 'supervisor' },
  { key: 'anna', name: 'Anna Berg', role: 'agent' },
  { key: 'erik', name: 'Erik Sandström', role: 'agent' },
  { key: 'karin', name: 'Karin Holm', role: 'agent' }
];
const domain = 'nordhamn.example';

export interface DemoLogin {
  name: string;
  email: string;
  role: Role;
}

/** For printing what to try; in the order in which one would sign in. */
export const demoLogins: readonly DemoLogin[] = people.map(({ key, name, role }) => ({
  name,
  email: `${key}@${domain}`,
  role
}));
/** Queue and E.164 number, the one that is always open first. */
export const demoNumbers: readonly { queue: string; e164: string }[] = queues.map(({ name, number }) => ({
  queue: name,
  e164: number
}));

/**
 * Makes the demo organization, Nordhamn Energi. Idempotent: what an interrupted first run left out is added, what is
 * there stays as it is, passwords included.
 *
 * @param options.db as the owner's role
 * @param options.passwords one per address of {@link demoLogins}, at least 10 characters; made once by the caller and kept there
 * @throws when a password is missing or an operation is refused
 */
export async function seedDemo(options: {
  db: Database;
  passwords: Record<string, string>;
  cell?: number;
  nowMs?: () => number;
}): Promise<{ organizationId: string; made: number }> {
  const { db, nowMs = () => Date.now() } = options;
  const operations = createOperations({ db, nowMs });
  let made = 0;
  const password = (email: string) => {
    const given = options.passwords[email];
    if (!given) throw new Error(`the demo needs a password for ${email}`);
    return given;
  };
  const [first] = demoLogins;
  if (!first) throw new Error('the demo has nobody');
  const administrator = await findAdministrator(db, first.email);
  if (!administrator) made++;
  const actor =
    administrator ??
    (await createOrganization(
      db,
      {
        name: 'Nordhamn Energi',
        timeZone: 'Europe/Stockholm',
        country: 'SE',
        language: 'sv',
        cell: options.cell ?? 1,
        administrator: { name: first.name, email: first.email, password: password(first.email) }
      },
      nowMs()
    ));
  const { organizationId } = actor;
  const found = finder(db, organizationId);
  const add = async (outcome: Promise<Outcome<{ id: string }>>) => {
    const settled = await outcome;
    if (!settled.ok) throw new Error(`the demo could not be made: ${settled.code} at ${settled.field}`);
    made++;
    return settled.result.id;
  };

  for (const { name, email, role } of demoLogins) {
    if (await found.user(email)) continue;
    const input = { name, email, role, plan: 'pro' as const, language: 'sv' as const, password: password(email) };
    await add(operations.run(createUser, actor, input));
  }
  for (const [name, rules] of Object.entries(schedules)) {
    if (await found.schedule(name)) continue;
    await add(
      operations.run(createSchedule, actor, { name, timeZone: 'Europe/Stockholm', rules, holidays: holidays[name] })
    );
  }
  for (const { name, kind, schedule, number, language, members } of queues) {
    // Each on its own, since a run may have been interrupted between any two; a queue somebody has renamed is made again.
    const scheduleId = (await found.schedule(schedule)) ?? '';
    const queueId =
      (await found.queue(name)) ?? (await add(operations.run(createQueue, actor, { name, kind, scheduleId })));
    if (await found.number(number)) continue;
    for (const key of members) {
      const userId = (await found.user(`${key}@${domain}`)) ?? '';
      await add(operations.run(addMember, actor, { queueId, userId }));
    }
    // Last: a queue with its number is complete, and what is changed in it from then on stays.
    await add(operations.run(createNumber, actor, { number, queueId, language }));
  }
  return { organizationId, made };
}

/** Ids of what is there already, by its natural name. */
function finder(db: Database, organizationId: string) {
  const { user, schedule, queue, number } = schema;
  const first = (rows: { id: string }[]) => rows[0]?.id ?? null;
  return {
    user: async (email: string) =>
      first(
        await db
          .select({ id: user.id })
          .from(user)
          .where(and(eq(user.organizationId, organizationId), eq(user.email, email)))
      ),
    schedule: async (name: string) =>
      first(
        await db
          .select({ id: schedule.id })
          .from(schedule)
          .where(and(eq(schedule.organizationId, organizationId), eq(schedule.name, name)))
      ),
    queue: async (name: string) =>
      first(
        await db
          .select({ id: queue.id })
          .from(queue)
          .where(and(eq(queue.organizationId, organizationId), eq(queue.name, name)))
      ),
    number: async (e164: string) =>
      first(
        await db
          .select({ id: number.id })
          .from(number)
          .where(and(eq(number.organizationId, organizationId), eq(number.e164, e164)))
      )
  };
}

async function findAdministrator(db: Database, email: string): Promise<Actor | null> {
  const [row] = await db.select().from(schema.user).where(eq(schema.user.email, email));
  if (!row) return null;
  return { userId: row.id, organizationId: row.organizationId, role: row.role, name: row.name, language: row.language };
}

function weekly(byDay: Weekday[], fromMinute: number, toMinute: number): ScheduleRule {
  return plainRule({ byDay, intervals: [{ fromMinute, toMinute }] });
}
