import { dictionary } from './language.ts';

export const skills = dictionary(
  {
    title: 'Kompetenser',
    create: 'Ny kompetens',
    createLead: 'Ett språk, en produkt, ett område: något agenter kan och samtal behöver.',
    name: 'Namn',
    nameHelp: 'Till exempel finska eller faktura.',
    neededBy: 'Krävs av',
    neededByNone: 'ingen kö och inget nummer',
    agents: 'Agenter',
    agentsNone: 'ingen än',
    more: (count: number) => `och ${count} till`,
    rename: 'Byt namn',
    renameOf: (name: string) => `Byt namn på ${name}`,
    renamed: (name: string) => `Heter nu ${name}.`,
    remove: (name: string) => `Ta bort ${name}`,
    removeTitle: (name: string) => `Ta bort ${name}?`,
    removeLead: (agents: number) =>
      agents === 0
        ? 'Ingen agent har den.'
        : agents === 1
          ? 'Den tas också bort från den agent som har den. Det kan inte ångras.'
          : `Den tas också bort från de ${agents} agenter som har den. Det kan inte ångras.`,
    removed: (name: string) => `${name} är borttagen.`,
    created: (name: string) => `${name} är upplagd. Ge den till agenter på deras sidor.`,
    empty: 'Inga kompetenser än',
    emptyLead: 'Med kompetenser når samtalen dem som kan svara på dem: ge dem till agenter, och kräv dem i en kö.',
    level: 'Kan (1–10)',
    levelOf: (name: string) => `Kan ${name} (1–10)`,
    levelHelp: 'Köer och nummer kräver en lägsta nivå. 1 är lite, 10 är bäst.',
    choose: 'Kompetens',
    add: 'Lägg till',
    removeOf: (skill: string) => `Ta bort ${skill}`,
    none: 'Inga kompetenser: får bara samtal som inte kräver någon.',
    allGiven: 'Har alla kompetenser som finns.',
    noneYet: 'Det finns inga kompetenser än.',
    goTo: 'Lägg upp kompetenser',
    set: (skill: string, level: number) => `${skill}: ${level}.`,
    taken: (skill: string) => `${skill}: borttagen.`
  },
  {
    title: 'Skills',
    create: 'New skill',
    createLead: 'A language, a product, a field: something agents know and calls need.',
    name: 'Name',
    nameHelp: 'For example Finnish or invoices.',
    neededBy: 'Needed by',
    neededByNone: 'no queue and no number',
    agents: 'Agents',
    agentsNone: 'nobody yet',
    more: (count: number) => `and ${count} more`,
    rename: 'Rename',
    renameOf: (name: string) => `Rename ${name}`,
    renamed: (name: string) => `Now called ${name}.`,
    remove: (name: string) => `Remove ${name}`,
    removeTitle: (name: string) => `Remove ${name}?`,
    removeLead: (agents: number) =>
      agents === 0
        ? 'No agent has it.'
        : agents === 1
          ? 'The one agent who has it loses it too. This cannot be undone.'
          : `The ${agents} agents who have it lose it too. This cannot be undone.`,
    removed: (name: string) => `${name} is removed.`,
    created: (name: string) => `${name} is added. Give it to agents on their pages.`,
    empty: 'No skills yet',
    emptyLead: 'With skills, calls reach those who can answer them: give them to agents, and require them in a queue.',
    level: 'Level (1–10)',
    levelOf: (name: string) => `Level of ${name} (1–10)`,
    levelHelp: 'Queues and numbers ask for a lowest level. 1 is a little, 10 is best.',
    choose: 'Skill',
    add: 'Add',
    removeOf: (skill: string) => `Remove ${skill}`,
    none: 'No skills: gets only calls that need none.',
    allGiven: 'Has every skill there is.',
    noneYet: 'There are no skills yet.',
    goTo: 'Add skills',
    set: (skill: string, level: number) => `${skill}: ${level}.`,
    taken: (skill: string) => `${skill}: removed.`
  }
);
