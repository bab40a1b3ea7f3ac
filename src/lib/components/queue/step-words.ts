import type { IconName } from '#lib/components/ui/icons.ts';
import { announcements } from '#lib/i18n/announcements.ts';
import { forwards } from '#lib/i18n/forwards.ts';
import { duration, upcoming } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/language.ts';
import { preview as words } from '#lib/i18n/preview.ts';
import { why } from '#lib/i18n/why.ts';
import type { Preview, Step } from '#lib/preview/steps.ts';

export interface StepWords {
  icon: IconName;
  title: string;
  /** Why, or what it means. */
  leads: string[];
  /** The part of the queue's page where it is decided, as in `#part-…`; null: nowhere there. */
  part: 'hours' | 'closing' | 'welcome' | 'waiting' | 'sharing' | 'answer' | null;
}

/** One step in words. */
export function describe(step: Step, preview: Preview, language: Language): StepWords {
  const t = words[language];
  switch (step.type) {
    case 'door':
      return door(step, preview, language);
    case 'said': {
      const { announcement, media } = step;
      const text = media.map((one) => preview.words[one] ?? null);
      const known = text.every((one) => one !== null);
      const missing = media.some((one) => preview.words[one] === undefined);
      return {
        icon: 'sound',
        title: known ? quoted(text.join(' '), step.language) : capital(why[language].announcements[announcement]),
        leads: [
          ...media.flatMap((one) => (preview.names[one] ? [announcements[language].own(preview.names[one])] : [])),
          ...(missing ? [t.missing] : []),
          ...(step.cut ? [t.cut] : [])
        ],
        part:
          announcement === 'closed' ? partOf(doorOf(step, preview)) : announcement === 'welcome' ? 'welcome' : 'waiting'
      };
    }
    case 'music':
      return { icon: 'sound', title: t.music, leads: [], part: null };
    case 'entered':
      return { icon: 'queues', title: t.entered, leads: [t.enteredLead], part: 'waiting' };
    case 'rings':
      return { icon: 'phone', title: t.rings, leads: [], part: 'sharing' };
    case 'answered':
      return {
        icon: 'check',
        title: t.answered,
        leads: [t.answeredLead(duration(step.afterMs / 1_000))],
        part: 'answer'
      };
    case 'moved':
      return {
        icon: 'forward',
        title: t.moved(preview.queues[step.toQueueId] ?? ''),
        leads: [],
        part: 'closing'
      };
    case 'forwarded':
      return {
        icon: 'forward',
        title: t.forwarded(step.to),
        leads: [t.forwardedLead(step.ringSeconds)],
        part: 'closing'
      };
    case 'unanswered':
      return { icon: 'close', title: t.unanswered(step.to), leads: [], part: 'closing' };
    case 'stopped':
      return {
        icon: 'forward',
        title: t.stopped(step.to),
        leads: [forwards[language].limits[step.limit]],
        part: 'closing'
      };
    case 'ended': {
      const lead = t.endedLead[step.tone];
      return { icon: 'close', title: t.ended[step.tone], leads: lead === null ? [] : [lead], part: null };
    }
    case 'waits-on':
      return { icon: 'more', title: t.waitsOn, leads: [], part: null };
  }
}

function door(step: Extract<Step, { type: 'door' }>, preview: Preview, language: Language): StepWords {
  const t = words[language];
  const { hours, refused, queueId } = step;
  const until = hours.untilMs === null ? null : upcoming(hours.untilMs, language, preview.timeZone, preview.atMs);
  const open = until === null ? t.open : t.openUntil(until);
  const leads = [
    ...(refused !== null && hours.open ? [open] : []),
    ...(!hours.open && until !== null ? [t.opens(until)] : []),
    ...(hours.temporary === null ? [] : [t.by(hours.temporary)])
  ];
  const isFirst = preview.steps[0] === step;
  const holiday = refused === 'holiday' ? preview.holidays[queueId] : undefined;
  const title = refused === null ? open : holiday === undefined ? t.closed[refused] : t.closedOn(holiday);
  return {
    icon: 'hours',
    title: isFirst ? title : t.atDoor(preview.queues[queueId] ?? ''),
    leads: isFirst ? leads : [`${title}.`, ...leads],
    part: partOf(step)
  };
}

/** Where it is decided that the caller is not let in, and what becomes of them. */
function partOf(door: Door | undefined): 'hours' | 'closing' {
  return door && door.refused !== null && door.hours.open ? 'closing' : 'hours';
}

type Door = Extract<Step, { type: 'door' }>;

/** The queue at whose door, or in which, the caller was last. */
function doorOf(step: Step, { steps }: Preview): Door | undefined {
  return steps.slice(0, steps.indexOf(step) + 1).findLast((one): one is Door => one.type === 'door');
}

/** The address of the part that decides a step: on this page, or on that of the queue the call has come to. */
export function addressOf(step: Step, preview: Preview, part: NonNullable<StepWords['part']>): string {
  const queueId = doorOf(step, preview)?.queueId;
  const here = preview.steps.find((one): one is Door => one.type === 'door')?.queueId;
  return queueId === here ? `#part-${part}` : `/admin/queues/${queueId}#part-${part}`;
}

/** What the waiting time would say now, or why nothing. */
export function describeWaitingTime(
  { waitingTime, words: spoken, language: heard }: Preview,
  language: Language
): string {
  const t = words[language];
  if (waitingTime === null) return t.waitingTime;
  if (waitingTime.type === 'silent') return t.waitingTimeSilent[waitingTime.why];
  const { media, place, agents } = waitingTime;
  const text = media.map((one) => spoken[one] ?? null);
  // A recording whose words are not written down: the time in it is still known.
  const known = text.filter((one) => one !== null).join(' ');
  return t.waitingTimeSaid(quoted(known, heard), place, agents);
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

const quoted = (text: string, language: Language) => (language === 'sv' ? `”${text}”` : `“${text}”`);
