import { expect, test } from 'vitest';
import type { ClosingSettings, ConfigurationValue, QueueValue, TemporaryValue } from '#lib/acd/configuration.ts';
import { id } from '#lib/acd/ids.ts';
import { plainRule, type HolidaySettings, type ScheduleRule, type ScheduleValue } from '#lib/hours/schedule.ts';
import {
  organizationId,
  plainAgent,
  plainMember,
  plainNumber,
  plainOrganization,
  plainQueue
} from '#lib/simulation/values.ts';
import { hear } from './hear.ts';
import type { Assumption, Step } from './steps.ts';

const heard = (media: string, mustBeHeard = false) => ({ media, mustBeHeard });
const daily: ScheduleRule = plainRule({ frequency: 'daily', intervals: [{ fromMinute: 480, toMinute: 1_020 }] });
const office: ScheduleValue = {
  type: 'schedule',
  id: id.schedule('office'),
  organizationId,
  name: 'Office',
  timeZone: 'Europe/Stockholm',
  rules: [daily]
};
const noon = Date.parse('2026-03-12T12:00:00+01:00');
const evening = Date.parse('2026-03-12T20:00:00+01:00');

type Settings = Omit<Partial<QueueValue>, 'closing'> & { closing?: Partial<ClosingSettings> };

function story(
  settings: Settings,
  assumption: Assumption,
  {
    atMs = noon,
    more = [],
    schedule = office
  }: { atMs?: number; more?: ConfigurationValue[]; schedule?: ScheduleValue } = {}
): Step[] {
  const number = plainNumber('+4650', 'support');
  const values = [plainOrganization(), plainQueue('support', settings), number, ...more];
  const lengthMs = (_language: string, media: string) => (media === 'missing' ? 0 : 2_000);
  return hear({ values, schedules: [schedule], atMs }, { number, assumption, lengthMs });
}

/** Each step as `second what`. */
function told(steps: Step[]): string[] {
  return steps.map((step) => {
    const { atMs, type } = step;
    const about =
      type === 'said'
        ? `${step.media.join('+')} ${step.ms / 1_000}${step.cut ? ' cut' : ''}`
        : type === 'door'
          ? (step.refused ?? 'in')
          : type === 'music'
            ? step.ms / 1_000
            : type === 'forwarded'
              ? `${step.to} ${step.why} ${step.ringSeconds}`
              : type === 'ended'
                ? step.tone
                : type === 'unanswered'
                  ? step.to
                  : type === 'moved'
                    ? step.toQueueId
                    : type === 'stopped'
                      ? step.limit
                      : '';
    return `${atMs / 1_000} ${type} ${about}`.trim();
  });
}

test('open, somebody free: what must be heard first, then the ring, and the answer cuts the rest', () => {
  const queue = { welcome: heard('welcome', true), first: heard('first'), repeated: heard('repeated') };
  expect(told(story(queue, 'free'))).toEqual([
    '0 door in',
    '0 said welcome 2',
    '2 entered',
    '2 rings',
    '2 said first 2',
    '4 music 3',
    '7 answered'
  ]);
});

test('a welcome that need not be heard is played while it rings, and never before what must be', () => {
  expect(told(story({ welcome: heard('welcome') }, 'free'))).toEqual([
    '0 door in',
    '0 entered',
    '0 rings',
    '0 said welcome 2',
    '2 music 3',
    '5 answered'
  ]);
  const queue = { welcome: heard('welcome'), first: heard('first', true) };
  expect(told(story(queue, 'free')).slice(0, 5)).toEqual([
    '0 door in',
    '0 said welcome 2',
    '2 said first 2',
    '4 entered',
    '4 rings'
  ]);
});

test('where it rings for a short time only, the answer comes within it', () => {
  expect(told(story({ ringSeconds: 5 }, 'free')).slice(-2)).toEqual(['0 music 2.5', '2.5 answered']);
});

test('all busy: the place, and what is repeated, with music between, as long as is shown', () => {
  const queue = { repeated: heard('repeated'), repeatEverySeconds: 60, position: heard('position') };
  const steps = story({ ...queue, positionEverySeconds: 600 }, 'busy');
  expect(told(steps)).toEqual([
    '0 door in',
    '0 entered',
    '0 said position+number-1 4',
    '4 music 60',
    '64 said repeated 2',
    '66 music 60',
    '126 said repeated 2',
    '128 music 52',
    '180 waits-on'
  ]);
});

test('closed by its hours: the announcement, then the end or the other number', () => {
  const queue = { scheduleId: office.id, closed: heard('closed') };
  const steps = story(queue, 'free', { atMs: evening });
  expect(told(steps)).toEqual(['0 door outside-hours', '0 said closed 2', '2 ended normal']);
  expect(steps[0]).toMatchObject({
    hours: { open: false, reason: 'outside-hours', untilMs: Date.parse('2026-03-13T08:00:00+01:00'), temporary: null }
  });
  expect(told(story({ ...queue, closing: { closedTo: '+46701234567' } }, 'free', { atMs: evening })).slice(2)).toEqual([
    '2 forwarded +46701234567 outside-hours 25',
    '2 music 25',
    '27 unanswered +46701234567',
    '27 ended normal'
  ]);
  expect(told(story({ ...queue, closed: null }, 'free', { atMs: evening }))).toEqual([
    '0 door outside-hours',
    '0 ended busy'
  ]);
});

test('closed by a holiday or for a time, each in its own words', () => {
  const holidays: HolidaySettings = {
    country: 'SE',
    region: null,
    days: [],
    own: [{ name: 'Flytt', date: '2026-03-12', yearly: false, hours: 'closed' }]
  };
  const queue = {
    scheduleId: office.id,
    closed: heard('closed'),
    closedBy: { holiday: heard('closed-holiday'), temporary: heard('closed-temporary') }
  };
  const schedule = { ...office, holidays };
  expect(told(story(queue, 'busy', { schedule }))).toEqual([
    '0 door holiday',
    '0 said closed-holiday 2',
    '2 ended normal'
  ]);
  const meeting: TemporaryValue = {
    type: 'temporary',
    id: id.temporary('meeting'),
    organizationId,
    name: 'Meeting',
    effect: 'closed',
    waiting: 'announce',
    on: { queueIds: [id.queue('support')], fromMs: noon - 1_000, untilMs: noon + 3_600_000 }
  };
  const steps = story(queue, 'busy', { more: [meeting] });
  expect(told(steps).slice(0, 2)).toEqual(['0 door temporary', '0 said closed-temporary 2']);
  expect(steps[0]).toMatchObject({ hours: { untilMs: noon + 3_600_000, temporary: 'Meeting' } });
  // Its end has come: the hours hold again.
  expect(told(story(queue, 'busy', { more: [meeting], atMs: noon + 3_600_000 }))[0]).toBe('0 door in');
});

test('as many wait as may: busy before answer, its words, or the other number; without a limit the caller waits', () => {
  const closing = { waitingMost: 3, reopenAt: 2 };
  expect(told(story({ closing }, 'full'))).toEqual(['0 door situation', '0 ended busy']);
  expect(told(story({ closing }, 'busy'))[0]).toBe('0 door in');
  const late = { waitedMostSeconds: 300 };
  const words = { closedBy: { situation: heard('closed-situation') } };
  expect(told(story({ closing: late, ...words }, 'full'))).toEqual([
    '0 door situation',
    '0 said closed-situation 2',
    '2 ended normal'
  ]);
  expect(told(story({ closing: { ...closing, situationTo: '+46701234567' } }, 'full'))[1]).toBe(
    '0 forwarded +46701234567 situation 25'
  );
  expect(told(story({}, 'full')).at(-1)).toBe('180 waits-on');
});

test('nobody there: to the other number, and who worked there in truth is left out', () => {
  const anna = [plainAgent('anna'), plainMember('support', 'anna')];
  const closing = { nobodyTo: '+46701234567', unreachableTo: '+46707654321', unreachableSeconds: 60 };
  expect(told(story({ closing }, 'nobody', { more: anna })).slice(0, 2)).toEqual([
    '0 door nobody',
    '0 forwarded +46701234567 nobody 25'
  ]);
  expect(told(story({ closing }, 'unreachable'))[1]).toBe('0 forwarded +46707654321 unreachable 25');
  expect(told(story({}, 'nobody')).at(-1)).toBe('180 waits-on');
});

test('nobody answers at the other number: the caller comes in, is told, or that was the end, by the setting', () => {
  const after = (closing: Partial<ClosingSettings>, more: Settings = {}) =>
    told(story({ closed: heard('closed'), ...more, closing: { nobodyTo: '+46701234567', ...closing } }, 'nobody'));
  const rung = ['0 door nobody', '0 forwarded +46701234567 nobody 25', '25 unanswered +46701234567'];
  expect(after({ unanswered: 'end' })).toEqual([...rung, '25 ended busy']);
  expect(after({ unanswered: 'announce' })).toEqual([...rung, '25 said closed 2', '27 ended normal']);
  expect(after({ unanswered: 'return' }, { first: heard('first') }).slice(0, 7)).toEqual([
    ...rung,
    '25 entered',
    '25 said first 2',
    '27 music 153',
    '180 waits-on'
  ]);
  // What comes after has a deadline too: a long ring is heard to its end.
  expect(after({ unanswered: 'end', ringSeconds: 60 }).at(-1)).toBe('60 ended busy');
});

test('a number that may not be dialled is told, and the caller has what the queue says then', () => {
  const closing = { nobodyTo: '+19001234567', unanswered: 'return' as const };
  expect(told(story({ closing, welcome: heard('welcome', true) }, 'nobody')).slice(0, 3)).toEqual([
    '0 door nobody',
    '0 stopped prefix',
    '0 said welcome 2'
  ]);
});

test('one of the own numbers leads to another queue, whose journey goes on there', () => {
  const more = [plainNumber('+4651', 'sales'), plainQueue('sales', { welcome: heard('hello', true) })];
  const queue = { scheduleId: office.id, closed: heard('closed'), closing: { closedTo: '+4651' } };
  expect(told(story(queue, 'nobody', { atMs: evening, more })).slice(0, 6)).toEqual([
    '0 door outside-hours',
    '0 said closed 2',
    '2 moved sales',
    '2 door in',
    '2 said hello 2',
    '4 entered'
  ]);
});

test('a file that is missing takes no time', () => {
  expect(told(story({ welcome: heard('missing', true) }, 'free')).slice(0, 3)).toEqual([
    '0 door in',
    '0 said missing 0',
    '0 entered'
  ]);
});
