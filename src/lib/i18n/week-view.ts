import { dictionary } from './language.ts';

/** The drawn week, in which hours are moved. */
export const weekView = dictionary(
  {
    lead: 'Dra i en tid eller dess kanter, eller på en tom yta för en ny. På pekskärm: tryck först på tiden. Inget gäller förrän du sparar.',
    keys: 'Pil upp och ner flyttar en kvart. Med skift ändras slutet. Delete tar bort, Retur går till fälten.',
    hoursOf: (day: string) => `Tider på ${day}`,
    add: (day: string) => `Ny tid på ${day}`,
    nextDay: 'nästa dag',
    removed: (what: string) => `${what}: borttagen.`,
    undone: 'Ångrat.',
    sameOn: (days: string) => `Samma på ${days}`,
    notSaved: 'Inte sparat än.',
    unreadable: 'Skriv tiderna i fälten färdigt, så går veckan att ändra här.',
    problem: 'Veckan kunde inte räknas om: helger och klockans omställning kan saknas i det som visas.',
    legend: 'Så läses veckan',
    open: 'öppet',
    specialOpen: 'särskild regel öppnar',
    specialClosed: 'särskild regel stänger',
    holiday: 'helgdag',
    temporaryClosed: 'tillfälligt stängt',
    temporaryOpen: 'tillfälligt öppet',
    clockMissing: 'timmen finns inte',
    clockTwice: 'timmen kommer två gånger',
    until: (name: string, time: string) => `${name}, till ${time}`,
    only: (queues: string) => `bara ${queues}`,
    openRule: (rule: string) => `Öppna regeln: ${rule}`
  },
  {
    lead: 'Drag hours or their edges, or an empty space for new ones. On a touch screen, tap the hours first. Nothing holds until you save.',
    keys: 'Arrow up and down moves by a quarter. With shift the end changes. Delete removes, Enter goes to the fields.',
    hoursOf: (day: string) => `Hours on ${day}`,
    add: (day: string) => `New hours on ${day}`,
    nextDay: 'next day',
    removed: (what: string) => `${what}: removed.`,
    undone: 'Undone.',
    sameOn: (days: string) => `Same on ${days}`,
    notSaved: 'Not saved yet.',
    unreadable: 'Finish the times in the fields, and the week can be changed here.',
    problem:
      'The week could not be worked out anew: holidays and the change of clocks may be missing in what is shown.',
    legend: 'How to read the week',
    open: 'open',
    specialOpen: 'a special rule opens',
    specialClosed: 'a special rule closes',
    holiday: 'holiday',
    temporaryClosed: 'closed for a time',
    temporaryOpen: 'open for a time',
    clockMissing: 'this hour is not there',
    clockTwice: 'this hour is there twice',
    until: (name: string, time: string) => `${name}, until ${time}`,
    only: (queues: string) => `only ${queues}`,
    openRule: (rule: string) => `Open the rule: ${rule}`
  }
);
