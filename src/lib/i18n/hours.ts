import { dictionary } from './language.ts';
import type { Weekday } from '#lib/hours/schedule.ts';

const daysSv: Record<Weekday, string> = {
  MO: 'måndag',
  TU: 'tisdag',
  WE: 'onsdag',
  TH: 'torsdag',
  FR: 'fredag',
  SA: 'lördag',
  SU: 'söndag'
};
const daysEn: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday'
};
const shortSv: Record<Weekday, string> = {
  MO: 'mån',
  TU: 'tis',
  WE: 'ons',
  TH: 'tor',
  FR: 'fre',
  SA: 'lör',
  SU: 'sön'
};
const shortEn: Record<Weekday, string> = {
  MO: 'Mon',
  TU: 'Tue',
  WE: 'Wed',
  TH: 'Thu',
  FR: 'Fri',
  SA: 'Sat',
  SU: 'Sun'
};

export const hours = dictionary(
  {
    title: 'Öppettider',
    create: 'Nya tider',
    createLead: 'Börjar med vardagar 08–17. En kö följer dem när du väljer dem på köns sida.',
    name: 'Namn',
    timeZone: 'Tidszon',
    timeZoneHelp: 'Sommartid följs av sig själv.',
    queues: 'Följs av',
    noQueues: 'ingen kö än',
    now: 'Nu',
    open: 'öppet',
    openUntil: (time: string) => `öppet till ${time}`,
    closed: 'stängt',
    closedUntil: (time: string) => `stängt, öppnar ${time}`,
    week: 'Veckan',
    days: daysSv,
    shortDays: shortSv,
    dayClosed: 'stängt',
    allDay: 'dygnet runt',
    always: 'Alla dagar, dygnet runt',
    never: 'Aldrig öppet',
    opens: 'Öppnar',
    closes: 'Stänger',
    nextDay: 'nästa dag',
    addInterval: 'Lägg till tid',
    addIntervalOn: (day: string) => `Lägg till tid på ${day}`,
    removeInterval: (day: string, interval: string) => `Ta bort ${interval} på ${day}`,
    copyDown: 'Samma alla vardagar',
    copyHelp: 'Ett slut före början betyder nästa dag; 00:00–24:00 är hela dygnet.',
    special: (count: number) =>
      count === 1
        ? 'Därutöver gäller 1 särskild regel, som inte ändras här.'
        : `Därutöver gäller ${count} särskilda regler, som inte ändras här.`,
    remove: 'Ta bort tiderna',
    removeTitle: (name: string) => `Ta bort ${name}?`,
    removeLead: 'Går bara när ingen kö följer dem.',
    removed: (name: string) => `${name} är borttaget.`,
    empty: 'Inga öppettider än',
    emptyLead: 'Utan öppettider är en kö alltid öppen. Tider kan delas av många köer.'
  },
  {
    title: 'Hours',
    create: 'New hours',
    createLead: 'Begins with weekdays 08–17. A queue follows them once you choose them on its page.',
    name: 'Name',
    timeZone: 'Time zone',
    timeZoneHelp: 'Daylight saving is followed by itself.',
    queues: 'Followed by',
    noQueues: 'no queue yet',
    now: 'Now',
    open: 'open',
    openUntil: (time: string) => `open until ${time}`,
    closed: 'closed',
    closedUntil: (time: string) => `closed, opens ${time}`,
    week: 'The week',
    days: daysEn,
    shortDays: shortEn,
    dayClosed: 'closed',
    allDay: 'around the clock',
    always: 'Every day, around the clock',
    never: 'Never open',
    opens: 'Opens',
    closes: 'Closes',
    nextDay: 'next day',
    addInterval: 'Add hours',
    addIntervalOn: (day: string) => `Add hours on ${day}`,
    removeInterval: (day: string, interval: string) => `Remove ${interval} on ${day}`,
    copyDown: 'Same on all weekdays',
    copyHelp: 'An end before the start means the next day; 00:00–24:00 is the whole day.',
    special: (count: number) =>
      count === 1
        ? '1 special rule applies besides, which is not changed here.'
        : `${count} special rules apply besides, which are not changed here.`,
    remove: 'Remove the hours',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeLead: 'Only possible when no queue follows them.',
    removed: (name: string) => `${name} is removed.`,
    empty: 'No hours yet',
    emptyLead: 'Without hours a queue is always open. Hours can be shared by many queues.'
  }
);
