import { dictionary } from './language.ts';

/** What a caller hears (B2). */
export const preview = dictionary(
  {
    title: 'Vad hör den som ringer nu?',
    titleThen: 'Vad hör den som ringer då?',
    now: 'Nu',
    moment: 'Annan tidpunkt',
    backToNow: 'Tillbaka till nu',
    pastLead: 'Med de inställningar som gällde då.',
    comingLead: 'Med de inställningar som gäller i dag.',
    assume: 'Om',
    assumptions: {
      busy: 'alla är upptagna',
      free: 'någon är ledig',
      nobody: 'ingen är inloggad',
      unreachable: 'ingen inloggad kan nås',
      full: 'så många väntar som får'
    },
    language: 'Numrets språk',
    loading: 'Spelar igenom samtalet …',
    problem: 'Det gick inte att spela igenom samtalet.',
    again: 'Försök igen',
    nothing: {
      'no-moment': 'Ange dag och klockslag.',
      'too-far': 'Högst 400 dagar bort.',
      'no-queue': 'Kön fanns inte då.',
      'no-number': 'Inget nummer ledde till kön, så ingen kunde ringa.'
    },
    list: 'Det som hörs, i ordning',
    play: (what: string) => `Lyssna: ${what}`,
    stop: (what: string) => `Sluta spela: ${what}`,
    listen: 'Lyssna på allt',
    stopListening: 'Sluta lyssna',
    notPlayed: 'Ljudet kunde inte spelas.',
    missing: 'Ljudfilen saknas: det blir tyst.',
    cut: 'Avbryts av svaret.',
    open: 'Öppet',
    openUntil: (time: string) => `Öppet till ${time}`,
    closed: {
      'outside-hours': 'Stängt: utanför öppettiderna',
      holiday: 'Stängt: helgdag',
      temporary: 'Stängt tillfälligt',
      situation: 'Tar inte emot fler: så många eller så länge väntar',
      nobody: 'Ingen är inloggad',
      unreachable: 'Ingen inloggad kan nås',
      full: 'Växeln är full'
    },
    closedOn: (holiday: string) => `Stängt: ${holiday}`,
    opens: (time: string) => `Öppnar ${time}.`,
    by: (name: string) => `Genom ”${name}”.`,
    noLimit: 'Kön har ingen gräns för hur många eller hur länge som får vänta.',
    atDoor: (queue: string) => `Kommer till ${queue}`,
    music: 'Musik',
    entered: 'Står i kön',
    enteredLead: 'Härifrån rings agenter.',
    rings: 'Ringer hos en agent',
    answered: 'En agent svarar',
    answeredLead: (time: string) => `Efter ${time}, som här antas.`,
    moved: (queue: string) => `Skickas till ${queue}`,
    forwarded: (to: string) => `Det ringer hos ${to}`,
    forwardedLead: (seconds: number) => `I högst ${seconds} sekunder; den som svarar där får samtalet.`,
    unanswered: (to: string) => `Om ingen svarar hos ${to}:`,
    stopped: (to: string) => `Vidarekopplas inte till ${to}`,
    ended: {
      normal: 'Samtalet avslutas',
      busy: 'Upptaget, utan att någon svarat',
      'no-answer': 'Inget svar'
    },
    endedLead: { normal: null, busy: 'Kostar inget för den som ringer.', 'no-answer': null },
    waitsOn: 'Väntar vidare på samma sätt',
    waitingTime: 'Beräknad väntetid beror på hur fort det går just då, och är inte med.',
    waitingTimeSaid: (words: string, place: number, agents: number) =>
      `Beräknad väntetid just nu, för den som blir nummer ${place} med ${agents} ${agents === 1 ? 'agent' : 'agenter'} i arbete: ${words}`,
    waitingTimeSilent: {
      free: 'Beräknad väntetid sägs inte just nu: någon är ledig.',
      'nobody-at-work': 'Beräknad väntetid sägs inte just nu: ingen agent är i arbete.',
      'too-little': 'Beräknad väntetid sägs inte just nu: för få samtal att räkna på.',
      'too-long': 'Beräknad väntetid sägs inte just nu: den är så lång att den inte vore till hjälp.',
      unknown: 'Vad beräknad väntetid skulle säga går inte att se just nu.'
    }
  },
  {
    title: 'What does a caller hear now?',
    titleThen: 'What does a caller hear then?',
    now: 'Now',
    moment: 'Another moment',
    backToNow: 'Back to now',
    pastLead: 'By the settings that were in force then.',
    comingLead: 'By the settings of today.',
    assume: 'If',
    assumptions: {
      busy: 'all are busy',
      free: 'somebody is free',
      nobody: 'nobody is logged in',
      unreachable: 'nobody logged in can be reached',
      full: 'as many wait as may'
    },
    language: 'Language of the number',
    loading: 'Playing the call through …',
    problem: 'It was not possible to play the call through.',
    again: 'Try again',
    nothing: {
      'no-moment': 'Give a day and a time.',
      'too-far': 'At most 400 days away.',
      'no-queue': 'The queue was not there then.',
      'no-number': 'No number led to the queue, so nobody could call.'
    },
    list: 'What is heard, in order',
    play: (what: string) => `Listen: ${what}`,
    stop: (what: string) => `Stop: ${what}`,
    listen: 'Listen to all',
    stopListening: 'Stop listening',
    notPlayed: 'The sound could not be played.',
    missing: 'The sound file is missing: there is silence.',
    cut: 'Cut short by the answer.',
    open: 'Open',
    openUntil: (time: string) => `Open until ${time}`,
    closed: {
      'outside-hours': 'Closed: outside the hours',
      holiday: 'Closed: public holiday',
      temporary: 'Closed for a time',
      situation: 'Takes no more: so many wait, or so long',
      nobody: 'Nobody is logged in',
      unreachable: 'Nobody logged in can be reached',
      full: 'The switchboard is full'
    },
    closedOn: (holiday: string) => `Closed: ${holiday}`,
    opens: (time: string) => `Opens ${time}.`,
    by: (name: string) => `By “${name}”.`,
    noLimit: 'The queue has no limit to how many may wait, or how long.',
    atDoor: (queue: string) => `Comes to ${queue}`,
    music: 'Music',
    entered: 'Stands in the queue',
    enteredLead: 'Agents are rung from here on.',
    rings: 'An agent is rung',
    answered: 'An agent answers',
    answeredLead: (time: string) => `After ${time}, as is assumed here.`,
    moved: (queue: string) => `Is sent to ${queue}`,
    forwarded: (to: string) => `It rings at ${to}`,
    forwardedLead: (seconds: number) => `For ${seconds} seconds at most; whoever answers there has the call.`,
    unanswered: (to: string) => `If nobody answers at ${to}:`,
    stopped: (to: string) => `Is not forwarded to ${to}`,
    ended: {
      normal: 'The call ends',
      busy: 'Busy, without an answer',
      'no-answer': 'No answer'
    },
    endedLead: { normal: null, busy: 'Free of charge for the caller.', 'no-answer': null },
    waitsOn: 'Waits on in the same way',
    waitingTime: 'The estimated waiting time depends on how fast it goes at that time, and is left out.',
    waitingTimeSaid: (words: string, place: number, agents: number) =>
      `The estimated waiting time right now, to whoever becomes number ${place} with ${agents} ${agents === 1 ? 'agent' : 'agents'} at work: ${words}`,
    waitingTimeSilent: {
      free: 'The estimated waiting time is not said right now: somebody is free.',
      'nobody-at-work': 'The estimated waiting time is not said right now: no agent is at work.',
      'too-little': 'The estimated waiting time is not said right now: too few calls to go by.',
      'too-long': 'The estimated waiting time is not said right now: it is so long that it would be no help.',
      unknown: 'What the estimated waiting time would say cannot be seen right now.'
    }
  }
);
