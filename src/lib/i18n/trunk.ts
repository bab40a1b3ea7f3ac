import { dictionary } from './language.ts';

/** How calls come from the public network and go out to it (E4, E5). */
export const trunks = dictionary(
  {
    title: 'Operatören',
    lead: 'Hur operatören skriver nummer och vad den tar emot. Fråga operatören, eller prova.',
    back: 'Nummer',
    name: 'Förbindelse',
    nameHelp: 'Den som driver systemet lägger upp förbindelser till operatörer.',
    names: (name: string) => (name === 'trunk' ? 'Systemets' : name),
    countryCode: 'Landsnummer',
    countryCodeHelp: 'Det land vars nummer skrivs utan landsnummer, till exempel 46.',
    dialledIn: 'Det uppringda numret står i',
    dialledPlaces: {
      request: { label: 'Request-URI', help: 'Så gör de flesta operatörer.' },
      to: { label: 'To', help: 'När Request-URI bara namnger er anslutning.' },
      'called-party': { label: 'P-Called-Party-ID', help: 'När samtalet har letts om på vägen hit, som i mobilnät.' }
    },
    comesAs: 'Nummer kommer som',
    comesHelp: '+46 och 0046 förstås alltid. Korta nummer, som 112 och 1177, är som de är.',
    numbersIn: {
      any: { label: 'Efter utseendet', help: '08… är nationellt; 468… får sitt plus om det kan vara ett nummer.' },
      digits: { label: '46…', help: 'Siffror utan plus är alltid med landsnummer.' },
      national: { label: '08…', help: 'Siffror utan plus är alltid nationella.' }
    },
    sendsAs: 'Nummer skickas som',
    numbersOut: { plus: '+46…', zeros: '0046…', digits: '46…', national: '08…, utrikes 00…' },
    takesForeign: 'Tar emot andras nummer',
    takesForeignHelp:
      'Vid vidarekoppling visas den uppringandes nummer. Avslaget: alltid ert eget, utan försök med den uppringandes.',
    asserted: 'Vill ha P-Asserted-Identity',
    assertedHelp: 'Den uppringandes nummer skickas då även där, som de flesta operatörer vill.',
    saved: 'Operatörens inställningar är sparade.',
    try: 'Prova',
    tryLead: 'Skriv ett nummer som det kommer från operatören. Det som är sparat gäller.',
    number: 'Nummer som det kommer',
    becomes: (shown: string, number: string) => (shown === number ? number : `${shown} (${number})`),
    leadsTo: (queue: string) => `Leder till ${queue}.`,
    leadsNowhere: 'Leder inte till någon kö hos er.',
    goesOut: (sent: string) => `Skickas ut som ${sent}.`,
    notNumbers: {
      empty: 'Det står inget nummer där: operatören lägger det kanske någon annanstans.',
      'not-digits': 'Där finns annat än siffror.',
      'too-short': 'Det är för kort.',
      'too-long': 'Det är för långt.',
      'wrong-form': 'Det börjar med 0, men nummer ska komma med landsnummer.',
      impossible: 'Så kan inget nummer se ut.'
    }
  },
  {
    title: 'The carrier',
    lead: 'How the carrier writes numbers and what it takes. Ask the carrier, or try it.',
    back: 'Numbers',
    name: 'Trunk',
    nameHelp: 'Whoever runs the system sets up trunks to carriers.',
    names: (name: string) => (name === 'trunk' ? 'The system’s' : name),
    countryCode: 'Country code',
    countryCodeHelp: 'The country whose numbers are written without it, for example 46.',
    dialledIn: 'The dialled number stands in',
    dialledPlaces: {
      request: { label: 'Request-URI', help: 'Most carriers do so.' },
      to: { label: 'To', help: 'When the Request-URI only names your connection.' },
      'called-party': {
        label: 'P-Called-Party-ID',
        help: 'When the call was led another way here, as in mobile networks.'
      }
    },
    comesAs: 'Numbers come as',
    comesHelp: '+46 and 0046 are always understood. Short numbers, as 112 and 1177, are as they are.',
    numbersIn: {
      any: { label: 'By their look', help: '08… is national; 468… gets its plus if that can be a number.' },
      digits: { label: '46…', help: 'Digits without a plus always have the country’s code.' },
      national: { label: '08…', help: 'Digits without a plus are always national.' }
    },
    sendsAs: 'Numbers are sent as',
    numbersOut: { plus: '+46…', zeros: '0046…', digits: '46…', national: '08…, abroad 00…' },
    takesForeign: 'Takes others’ numbers',
    takesForeignHelp: 'A forward shows the caller’s number. Off: always your own, and the caller’s is not tried first.',
    asserted: 'Wants P-Asserted-Identity',
    assertedHelp: 'The caller’s number is sent there, too, as most carriers want.',
    saved: 'The carrier’s settings are saved.',
    try: 'Try it',
    tryLead: 'Type a number as it comes from the carrier. What is saved counts.',
    number: 'Number as it comes',
    becomes: (shown: string, number: string) => (shown === number ? number : `${shown} (${number})`),
    leadsTo: (queue: string) => `Leads to ${queue}.`,
    leadsNowhere: 'Leads to no queue of yours.',
    goesOut: (sent: string) => `Goes out as ${sent}.`,
    notNumbers: {
      empty: 'There is no number there: the carrier may put it elsewhere.',
      'not-digits': 'There is something else than digits.',
      'too-short': 'It is too short.',
      'too-long': 'It is too long.',
      'wrong-form': 'It begins with 0, but numbers are to come with the country’s code.',
      impossible: 'No number looks like that.'
    }
  }
);
