import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#lib/server/auth/index.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import {
  createNumber,
  createOperations,
  createQueue,
  createSchedule,
  createTemporary,
  switchOnTemporary,
  updateQueue
} from '#lib/server/operations/index.ts';
import { readCallerPreview, type PreviewQuestion } from '#lib/server/operations/read-preview.ts';
import type { QueueNow } from '#lib/preview/waiting-time.ts';
import type { Sounds } from '#lib/server/sounds.ts';
import { must, openFixture, unique, uniqueNumber, type Fixture } from './db-fixture.ts';
import { plainRule } from '#lib/hours/schedule.ts';

/** B2: what a caller hears, now and at other moments. Time stands where a test puts it. */
const monday = Date.parse('2026-03-09T12:00:00+01:00');
const hourMs = 3_600_000;
const sounds: Sounds = {
  all: () => Promise.resolve(new Map(['welcome', 'closed', 'first'].map((name) => [name, { ms: 2_000, words: name }]))),
  file: () => Promise.resolve(null)
};
let fixture: Fixture;
let administrator: Actor;
let nowMs = monday;

beforeAll(async () => {
  fixture = await openFixture();
  administrator = await fixture.organization();
});
afterAll(() => fixture.close());

const operations = () => createOperations({ db: fixture.web.db, nowMs: () => nowMs });

function ask(
  queueId: string,
  more: Partial<PreviewQuestion> = {},
  actor = administrator,
  queueNow: QueueNow | null = null
) {
  const question: PreviewQuestion = { queueId, moment: null, assumption: 'busy', language: null, ...more };
  return withOrganization(fixture.web.db, actor.organizationId, (tx) =>
    readCallerPreview(tx, actor.organizationId, question, { sounds, nowMs, language: 'sv', queueNow })
  );
}

/** Kinds of steps, and the names of what is said. */
async function story(queueId: string, more: Partial<PreviewQuestion> = {}): Promise<string[]> {
  const answer = await ask(queueId, more);
  if (!answer.ok) throw new Error(answer.code);
  return answer.preview.steps.map((step) => (step.type === 'said' ? step.media.join('+') : step.type));
}

async function queueWithNumber(settings: object = {}): Promise<string> {
  const { id } = await must(
    operations().run(createQueue, administrator, { name: unique(), kind: 'plus', scheduleId: '' })
  );
  const quiet = { welcome: null, first: null, repeated: null, closed: null, position: null, waitingTime: null };
  await must(operations().run(updateQueue, administrator, { id, ...quiet, ...settings }));
  await must(operations().run(createNumber, administrator, { number: uniqueNumber(), queueId: id, language: 'sv' }));
  return id;
}

test('a past moment by the versions then in force, a coming one by those of today', async () => {
  nowMs = monday;
  const queueId = await queueWithNumber({ welcome: { media: 'welcome', mustBeHeard: true } });
  nowMs = monday + 2 * hourMs;
  await must(operations().run(updateQueue, administrator, { id: queueId, welcome: null }));
  expect(await story(queueId)).toEqual(['door', 'entered', 'music', 'waits-on']);
  expect(await story(queueId, { moment: monday + hourMs })).toEqual([
    'door',
    'welcome',
    'entered',
    'music',
    'waits-on'
  ]);
  expect(await story(queueId, { moment: monday + 2 * hourMs })).toEqual(['door', 'entered', 'music', 'waits-on']);
  expect(await story(queueId, { moment: monday + 48 * hourMs })).toEqual(['door', 'entered', 'music', 'waits-on']);
  // Before it was there.
  expect(await ask(queueId, { moment: monday - hourMs })).toEqual({ ok: false, code: 'no-queue' });
});

test('hours and temporary schedules as they were: on the organization’s clock, and over at their end', async () => {
  nowMs = monday;
  const { id: scheduleId } = await must(
    operations().run(createSchedule, administrator, {
      name: unique(),
      timeZone: 'Europe/Stockholm',
      rules: [plainRule({ frequency: 'daily', intervals: [{ fromMinute: 480, toMinute: 1_020 }] })]
    })
  );
  const closed = { media: 'closed', mustBeHeard: false };
  const queueId = await queueWithNumber({ scheduleId, closed });
  expect(await story(queueId, { moment: '2026-03-10T16:59' })).toEqual(['door', 'entered', 'music', 'waits-on']);
  expect(await story(queueId, { moment: '2026-03-10T17:00' })).toEqual(['door', 'closed', 'ended']);
  const target = { all: false, queueIds: [queueId], tags: [], kinds: [] };
  const meeting = { name: unique(), effect: 'closed' as const, waiting: 'stay' as const, minutes: 60, target };
  const { id } = await must(operations().run(createTemporary, administrator, meeting));
  nowMs = monday + hourMs;
  await must(operations().run(switchOnTemporary, administrator, { id, minutes: 60, waiting: 'stay' }));
  const during = await ask(queueId);
  expect(during).toMatchObject({
    preview: { steps: [{ type: 'door', refused: 'temporary', hours: { temporary: meeting.name } }, {}, {}] }
  });
  expect(await story(queueId, { moment: monday + hourMs - 1 })).toContain('entered');
  expect(await story(queueId, { moment: monday + 2 * hourMs })).toContain('entered');
});

test('what cannot be answered is said; another organization’s queue is not there', async () => {
  nowMs = monday;
  const queueId = await queueWithNumber();
  const code = async (more: Partial<PreviewQuestion>) => {
    const answer = await ask(queueId, more);
    return answer.ok ? null : answer.code;
  };
  expect(await code({ moment: '2027-04-12T12:00' })).toBe(null);
  expect(await code({ moment: '2027-04-14T12:00' })).toBe('too-far');
  expect(await code({ moment: '2025-01-01T12:00' })).toBe('too-far');
  expect(await code({ moment: 'tomorrow' })).toBe('no-moment');
  expect(await code({ moment: Number.NaN })).toBe('no-moment');
  const { id: silent } = await must(
    operations().run(createQueue, administrator, { name: unique(), kind: 'plus', scheduleId: '' })
  );
  expect(await ask(silent)).toEqual({ ok: false, code: 'no-number' });
  expect(await ask(queueId, {}, await fixture.organization())).toEqual({ ok: false, code: 'no-queue' });
});

test('P3: a holiday is told by its name, in the language of whoever asks', async () => {
  nowMs = monday;
  const { id: scheduleId } = await must(
    operations().run(createSchedule, administrator, {
      name: unique(),
      timeZone: 'Europe/Stockholm',
      rules: [],
      holidays: { country: 'SE', region: null, days: [], own: [] }
    })
  );
  const queueId = await queueWithNumber({ scheduleId });
  const answer = await ask(queueId, { moment: '2026-12-25T12:00' });
  expect(answer).toMatchObject({ preview: { holidays: { [queueId]: 'juldagen' } } });
  expect(await ask(queueId)).toMatchObject({ preview: { holidays: {} } });
});

test('P9: what the waiting time would say now is told beside, and of other moments nothing', async () => {
  nowMs = monday;
  const waitingTime = { media: 'waiting-time', mustBeHeard: false };
  const queueId = await queueWithNumber({ waitingTime });
  const now: QueueNow = { waiting: 0, free: 0, agents: 2, pace: null };
  const told = async (queueNow: QueueNow | null, more: Partial<PreviewQuestion> = {}) => {
    const answer = await ask(queueId, more, administrator, queueNow);
    return answer.ok ? answer.preview.waitingTime : answer.code;
  };
  expect(await told(now)).toEqual({ type: 'silent', why: 'too-little' });
  expect(await told(null)).toEqual({ type: 'silent', why: 'unknown' });
  expect(await told(now, { moment: monday + hourMs })).toBeNull();
  const silent = await queueWithNumber();
  expect(await ask(silent, {}, administrator, now)).toMatchObject({ preview: { waitingTime: null } });
});
