import { dictionary, type Language } from './language.ts';

/** Words of every page: shell, buttons, roles, plans, kinds. */
export const common = dictionary(
  {
    navigation: 'Huvudmeny',
    queues: 'Köer',
    people: 'Personer',
    skills: 'Kompetenser',
    announcements: 'Besked och musik',
    numbers: 'Nummer',
    hours: 'Öppettider',
    pauses: 'Pauser',
    limits: 'Gränser',
    api: 'API',
    calls: 'Samtal',
    wallboard: 'Wallboard',
    skip: 'Till innehållet',
    account: 'Konto',
    language: 'Språk',
    theme: 'Utseende',
    themes: { light: 'Ljust', dark: 'Mörkt', system: 'Som datorn' },
    signOut: 'Logga ut',
    save: 'Spara',
    cancel: 'Avbryt',
    edit: 'Ändra',
    add: 'Lägg till',
    remove: 'Ta bort',
    undo: 'Ångra',
    undone: 'Ångrat',
    create: 'Skapa',
    search: 'Sök',
    close: 'Stäng',
    saved: 'Sparat',
    on: 'på',
    off: 'av',
    liveSince: (time: string) => `i drift sedan ${time}`,
    onItsWay: 'sparat, på väg till telefonerna',
    stillOnItsWay: 'sparat, men ännu inte i drift; det görs så snart telefonin svarar',
    reconnecting: 'ansluter igen',
    noMatch: (term: string) => `Inget passar ”${term}”.`,
    sortedBy: 'sorterat',
    roles: { administrator: 'Administratör', supervisor: 'Arbetsledare', agent: 'Agent' },
    plans: { standard: 'Standard', pro: 'Pro', business: 'Business', enterprise: 'Enterprise' },
    kinds: { plus: 'Kö Plus', attendant: 'Kö Telefonist', basic: 'Kö' },
    notFoundTitle: 'Sidan finns inte',
    notFound: 'Adressen kan vara felskriven, eller så har det den ledde till tagits bort.',
    forbiddenTitle: 'Inte för din roll',
    forbidden: 'Sidan är för andra roller än din. Be en administratör om du behöver den.',
    errorTitle: 'Något gick fel',
    error: 'Felet ligger hos oss. Samtalen påverkas inte. Försök igen om en stund.',
    home: 'Till startsidan'
  },
  {
    navigation: 'Main menu',
    queues: 'Queues',
    people: 'People',
    skills: 'Skills',
    announcements: 'Announcements',
    numbers: 'Numbers',
    hours: 'Hours',
    pauses: 'Pauses',
    limits: 'Limits',
    api: 'API',
    calls: 'Calls',
    wallboard: 'Wallboard',
    skip: 'To the content',
    account: 'Account',
    language: 'Language',
    theme: 'Appearance',
    themes: { light: 'Light', dark: 'Dark', system: 'As the computer' },
    signOut: 'Log out',
    save: 'Save',
    cancel: 'Cancel',
    edit: 'Edit',
    add: 'Add',
    remove: 'Remove',
    undo: 'Undo',
    undone: 'Undone',
    create: 'Create',
    search: 'Search',
    close: 'Close',
    saved: 'Saved',
    on: 'on',
    off: 'off',
    liveSince: (time: string) => `live since ${time}`,
    onItsWay: 'saved, on its way to the phones',
    stillOnItsWay: 'saved, but not live yet; it will be as soon as telephony answers',
    reconnecting: 'reconnecting',
    noMatch: (term: string) => `Nothing matches “${term}”.`,
    sortedBy: 'sorted',
    roles: { administrator: 'Administrator', supervisor: 'Supervisor', agent: 'Agent' },
    plans: { standard: 'Standard', pro: 'Pro', business: 'Business', enterprise: 'Enterprise' },
    kinds: { plus: 'Kö Plus', attendant: 'Kö Telefonist', basic: 'Kö' },
    notFoundTitle: 'No such page',
    notFound: 'The address may be mistyped, or what it led to has been removed.',
    forbiddenTitle: 'Not for your role',
    forbidden: 'This page is for other roles than yours. Ask an administrator if you need it.',
    errorTitle: 'Something went wrong',
    error: 'The fault is ours. Calls are not affected. Try again in a moment.',
    home: 'To the start page'
  }
);

/** Words of states and live figures, as design.md and DESIGN.md name them. */
export const states = dictionary(
  {
    free: 'ledig',
    offered: 'erbjuds samtal',
    'on-call': 'i samtal',
    'wrap-up': 'efterarbete',
    paused: 'pausad',
    unreachable: 'onåbar',
    'logged-out': 'utloggad',
    away: 'borta',
    closed: 'stängd',
    open: 'öppen',
    reasons: {
      unregistered: 'telefonen är inte ansluten',
      'not-responding': 'telefonen svarar inte',
      'page-gone': 'sidan är stängd',
      'page-back': 'telefonen ansluter',
      limit: 'gränsen för samtal ut är nådd',
      'not-allowed': 'mobilnumret får inte ringas'
    },
    overWarn: 'över första gränsen',
    overBad: 'över andra gränsen',
    moreAlarms: (count: number) => (count === 1 ? '1 larm till' : `${count} larm till`)
  },
  {
    free: 'free',
    offered: 'offered',
    'on-call': 'on call',
    'wrap-up': 'wrap-up',
    paused: 'paused',
    unreachable: 'unreachable',
    'logged-out': 'logged out',
    away: 'away',
    closed: 'closed',
    open: 'open',
    reasons: {
      unregistered: 'phone not connected',
      'not-responding': 'phone does not respond',
      'page-gone': 'page closed',
      'page-back': 'phone connecting',
      limit: 'the limit for calls out is reached',
      'not-allowed': 'the mobile number may not be called'
    },
    overWarn: 'over the first threshold',
    overBad: 'over the second threshold',
    moreAlarms: (count: number) => (count === 1 ? '1 more alarm' : `${count} more alarms`)
  }
);

/** What follows a state after a comma: a known code in words, a pause's own reason as it was written. */
export function stateReason(reason: string | null, language: Language): string | null {
  const known: Record<string, string> = states[language].reasons;
  return reason === null ? null : (known[reason] ?? (reason === 'registered' ? null : reason));
}

export const signIn = dictionary(
  {
    title: 'Logga in',
    email: 'E-post',
    password: 'Lösenord',
    show: 'visa',
    hide: 'dölj',
    forgotten: 'Glömt lösenordet? Er administratör ger dig ett nytt.'
  },
  {
    title: 'Log in',
    email: 'E-mail',
    password: 'Password',
    show: 'show',
    hide: 'hide',
    forgotten: 'Forgotten your password? Your administrator gives you a new one.'
  }
);
