import { and, desc, eq, inArray, lte } from 'drizzle-orm';
import type { ConfigurationValue, Language, NumberValue, QueueValue } from '#lib/acd/configuration.ts';
import { holidayAt } from '#lib/hours/spans.ts';
import type { ScheduleValue } from '#lib/hours/schedule.ts';
import { hear } from '#lib/preview/hear.ts';
import type { Assumption, Preview, PreviewCode, Step } from '#lib/preview/steps.ts';
import { waitingTimeNow, type QueueNow } from '#lib/preview/waiting-time.ts';
import type { InForce } from '#lib/preview/world.ts';
import { schema, type Transaction } from '#lib/server/db/index.ts';
import type { VersionedEntity } from '#lib/server/db/schema/configuration.ts';
import type { Sounds } from '#lib/server/sounds.ts';
import { ownAnnouncements } from './sounds.ts';
import { readOrganization } from './read-organization.ts';

const dayMs = 86_400_000;
/** Further ahead than this no hours are worked out, and further back nobody asks. */
const mostDays = 400;
/** Who works is assumed, so agents and members are not read. */
const entities: VersionedEntity[] = ['organization', 'queue', 'number', 'skill', 'temporary', 'schedule'];

export interface PreviewQuestion {
  queueId: string;
  /** On the organization's clock, as `2026-03-12T20:00`, or epoch ms; null: now. */
  moment: string | number | null;
  assumption: Assumption;
  /** Of the number called; null: the first one's. */
  language: Language | null;
}

export interface PreviewContext {
  sounds: Sounds;
  nowMs: number;
  /** Of whoever asks: for the names of holidays. */
  language: Language;
  /** The queue asked about; null: it cannot be seen. Left out of account at other moments. */
  queueNow: QueueNow | null;
}

type Answer = { ok: true; preview: Preview } | { ok: false; code: PreviewCode };

/** What a caller to a queue hears at a moment, by the settings that were, or are, in force then (B2). */
export async function readCallerPreview(
  tx: Transaction,
  organizationId: string,
  question: PreviewQuestion,
  { sounds, nowMs, language, queueNow }: PreviewContext
): Promise<Answer> {
  const { timeZone } = await readOrganization(tx, organizationId);
  const atMs = instantOf(question.moment, timeZone, nowMs);
  if (atMs === null) return { ok: false, code: 'no-moment' };
  if (Math.abs(atMs - nowMs) > mostDays * dayMs) return { ok: false, code: 'too-far' };
  const inForce = await readInForce(tx, organizationId, atMs, nowMs);
  const queues = new Map(inForce.values.flatMap((value) => (value.type === 'queue' ? [[value.id, value.name]] : [])));
  if (!queues.has(question.queueId as never)) return { ok: false, code: 'no-queue' };
  const numbers = inForce.values
    .filter((value): value is NumberValue => value.type === 'number' && value.queueId === question.queueId)
    .toSorted((a, b) => (a.e164 < b.e164 ? -1 : 1));
  const number = numbers.find(({ language }) => language === question.language) ?? numbers[0];
  if (!number) return { ok: false, code: 'no-number' };
  const known = new Map([
    ...(await sounds.all(number.language)),
    ...(await ownAnnouncements(tx, organizationId, number.language))
  ]);
  const lengthMs = (_language: Language, media: string) => known.get(media)?.ms ?? 0;
  const steps = hear(inForce, { number, assumption: question.assumption, lengthMs });
  const queue = inForce.values.find(
    (value): value is QueueValue => value.type === 'queue' && value.id === number.queueId
  );
  const media = queue?.waitingTime?.media;
  const waitingTime =
    media && question.moment === null ? waitingTimeNow(queueNow, media, number.language, nowMs) : null;
  const said = new Set([
    ...steps.flatMap((step) => (step.type === 'said' ? step.media : [])),
    ...(waitingTime?.type === 'said' ? waitingTime.media : [])
  ]);
  return {
    ok: true,
    preview: {
      atMs,
      timeZone,
      language: number.language,
      languages: [...new Set(numbers.map(({ language }) => language))],
      steps,
      queues: Object.fromEntries(queues),
      holidays: holidaysAt(steps, inForce, language),
      waitingTime,
      words: Object.fromEntries([...said].flatMap((name) => (known.has(name) ? [[name, known.get(name)!.words]] : []))),
      names: Object.fromEntries(
        [...said].flatMap((name) => (known.get(name)?.name ? [[name, known.get(name)!.name!]] : []))
      )
    }
  };
}

/** Names of the holidays that the caller meets, by queue. */
function holidaysAt(steps: Step[], { values, schedules, atMs }: InForce, language: Language): Record<string, string> {
  const doors = steps.filter((step) => step.type === 'door' && step.hours.reason === 'holiday');
  return Object.fromEntries(
    doors.flatMap((step) => {
      const queue = values.find((value) => value.type === 'queue' && step.type === 'door' && value.id === step.queueId);
      const schedule = schedules.find((one) => queue?.type === 'queue' && one.id === queue.scheduleId);
      const name = schedule && holidayAt(schedule, atMs + step.atMs, language);
      return queue && name ? [[queue.id, name]] : [];
    })
  );
}

function instantOf(moment: string | number | null, timeZone: string, nowMs: number): number | null {
  if (moment === null) return nowMs;
  if (typeof moment === 'number') return Number.isSafeInteger(moment) ? moment : null;
  try {
    return Temporal.PlainDateTime.from(moment).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/** The newest version of each thing by that moment: of a future one, what is saved now. */
async function readInForce(tx: Transaction, organizationId: string, atMs: number, nowMs: number): Promise<InForce> {
  const { entity, id, value, at, version, organizationId: owner } = schema.configurationVersion;
  const past = atMs < nowMs ? lte(at, new Date(atMs)) : undefined;
  const rows = await tx
    .selectDistinctOn([entity, id], { entity, value })
    .from(schema.configurationVersion)
    .where(and(eq(owner, organizationId), inArray(entity, entities), past))
    .orderBy(entity, id, desc(version));
  const values: ConfigurationValue[] = [];
  const schedules: ScheduleValue[] = [];
  for (const row of rows) {
    if (row.value === null) continue;
    if (row.entity === 'schedule') schedules.push(row.value as ScheduleValue);
    else values.push(row.value as ConfigurationValue);
  }
  return { values, schedules, atMs };
}
