import { dictionary } from './language.ts';

export const numbers = dictionary(
  {
    title: 'Nummer',
    create: 'Nytt nummer',
    createLead: 'Numret måste redan vara kopplat till er hos operatören.',
    number: 'Nummer',
    numberHelp: 'Som ni skriver det, till exempel 08-465 004 12.',
    queue: 'Leder till',
    nowhere: 'Ingenstans än',
    language: 'Talar',
    languageHelp: 'Beskeden spelas på det språket.',
    state: 'I drift',
    remove: (number: string) => `Ta bort ${number}`,
    removeTitle: (number: string) => `Ta bort ${number}?`,
    removeLead: 'Den som ringer numret hör att det inte används. Det kan läggas upp igen.',
    removed: (number: string) => `${number} är borttaget.`,
    saved: (number: string) => `${number}: sparat.`,
    search: 'Sök nummer eller kö',
    empty: 'Inga nummer än',
    emptyLead: 'Ett nummer leder den som ringer till en kö.'
  },
  {
    title: 'Numbers',
    create: 'New number',
    createLead: 'The number must already be connected to you by the carrier.',
    number: 'Number',
    numberHelp: 'As you write it, for example 08-465 004 12.',
    queue: 'Leads to',
    nowhere: 'Nowhere yet',
    language: 'Speaks',
    languageHelp: 'Announcements are played in this language.',
    state: 'Live',
    remove: (number: string) => `Remove ${number}`,
    removeTitle: (number: string) => `Remove ${number}?`,
    removeLead: 'Who calls the number is told that it is not in use. It can be added again.',
    removed: (number: string) => `${number} is removed.`,
    saved: (number: string) => `${number}: saved.`,
    search: 'Search number or queue',
    empty: 'No numbers yet',
    emptyLead: 'A number leads the caller to a queue.'
  }
);
