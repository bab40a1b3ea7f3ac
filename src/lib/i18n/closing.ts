import { dictionary } from './language.ts';

/** When a queue takes no callers, where they go instead (P4, P10, P11), and the limits of calls out (E7). */
export const closing = dictionary(
  {
    part: 'När ingen svarar',
    always: 'Alla släpps in och får vänta hur länge som helst, också när ingen är inloggad.',
    fullSummary: (most: number, reopen: number, to: string | null) =>
      `När ${most} väntar ${to ? `går nästa till ${to}` : 'får nästa upptaget, utan att betala'}; öppnar igen vid ${reopen}.`,
    lateSummary: (minutes: number, to: string | null) =>
      `Så länge någon har väntat ${minutes} min ${to ? `går nya samtal till ${to}` : 'får nya samtal upptaget'}.`,
    nobodySummary: (to: string) => `När ingen är inloggad: till ${to}, också de som redan väntar.`,
    unreachableSummary: (seconds: number, to: string) =>
      `När ingen inloggad har gått att nå på ${seconds} s: till ${to}, också de som redan väntar.`,
    closedSummary: (to: string) => `När det är stängt: till ${to}.`,
    full: 'Stäng när många väntar',
    fullHelp: 'Den som är på väg in i kön räknas också. Ingen som redan väntar berörs.',
    waitingMost: 'Så många får vänta',
    reopenAt: 'Öppna igen när så många väntar',
    calls: 'samtal',
    late: 'Stäng när någon har väntat länge',
    waitedMost: 'Längsta väntan',
    minutes: 'min',
    situationTo: 'Ring i stället',
    situationHelp: 'Lämna tomt: upptaget innan samtalet besvaras, så att det inte kostar något.',
    nobody: 'Vidarekoppla när ingen är inloggad',
    unreachable: 'Vidarekoppla när ingen inloggad går att nå',
    waitingToo:
      'Gäller också dem som redan väntar. De väntar vidare tills någon svarar, och den agent som hinner före får samtalet.',
    to: 'Till numret',
    toHelp: 'Ett eget nummer leder till dess kö, andra nummer rings upp.',
    grace: 'Efter så lång tid',
    seconds: 's',
    closedTo: 'När det är stängt, vidarekoppla till',
    closedHelp: 'Efter beskedet att det är stängt, eller genast om inget spelas. Tomt: samtalet avslutas.',
    there: 'Hos det andra numret',
    ring: 'Ringtid',
    ringHelp: 'Från att det börjar ringa där. Håll den kortare än mottagarens röstbrevlåda.',
    unanswered: 'Om ingen svarar där',
    unansweredWays: {
      return: {
        label: 'Tillbaka till kön',
        help: 'Den som väntade väntar vidare på sin plats; den som inte släpptes in släpps in. Är det stängt avslutas samtalet.'
      },
      announce: { label: 'Säg att det är stängt', help: 'Det stängda beskedet spelas och samtalet avslutas.' },
      end: { label: 'Avsluta', help: 'Upptaget om samtalet inte är besvarat, annars läggs det på.' }
    },
    present: 'Visa detta nummer om nätet inte tar emot den uppringandes',
    presentCalled: 'Det nummer som ringdes',

    limits: 'Gränser',
    limitsLead: 'Vad samtal ut från växeln får vara. De skyddar mot dyra och oändliga vidarekopplingar.',
    allowed: 'Tillåtna nummer börjar med',
    allowedHelp: 'Med landsnummer, skilda av mellanslag: +46 +47. Egna nummer är alltid tillåtna.',
    barred: 'Utom de som börjar med',
    barredHelp: 'Det längsta som passar avgör. Betalnummer står här från början.',
    perMinute: 'Samtal per minut',
    perMinuteHelp: 'De som redan väntar prövas igen efter en minut; för andra är det som om ingen svarade där.',
    dayMost: 'Kostnad per dygn, högst',
    dayMostHelp: 'Samtal som pågår räknas med. När gränsen är nådd rings inga nya upp; de som pågår bryts inte.',
    kronor: 'kr',
    talkMost: 'Längsta samtal',
    talkMostHelp: 'Ett vidarekopplat samtal bryts efter så lång tid, om ingen har lagt på.',
    prices: 'Pris per minut',
    pricesHelp: 'Början av numret och öre, par för par: +467 60, +46 20. Påbörjad minut räknas.',
    today: 'Hittills i dag',
    todayCost: (kronor: string, most: string) => `${kronor} av ${most}`,
    stopped: 'Stoppade vidarekopplingar',
    stoppedNone: 'Inget har stoppats de senaste sju dagarna.',
    stoppedTime: 'Tid',
    stoppedNumber: 'Nummer',
    stoppedQueue: 'Kö',
    stoppedWhy: 'Gräns',
    call: 'Samtalet',
    limitNames: {
      number: 'Går inte att ringa',
      prefix: 'Otillåten början',
      'per-minute': 'Samtal per minut',
      cost: 'Dygnets kostnad',
      again: 'Samma uppringande igen',
      loop: 'Går runt',
      talk: 'Längsta samtal'
    },
    savedLimits: 'Gränserna är sparade.'
  },
  {
    part: 'When nobody answers',
    always: 'Everybody comes in and may wait for any time, also when nobody is logged in.',
    fullSummary: (most: number, reopen: number, to: string | null) =>
      `When ${most} wait ${to ? `the next goes to ${to}` : 'the next hears busy, and pays nothing'}; opens again at ${reopen}.`,
    lateSummary: (minutes: number, to: string | null) =>
      `As long as somebody has waited ${minutes} min ${to ? `new calls go to ${to}` : 'new calls hear busy'}.`,
    nobodySummary: (to: string) => `When nobody is logged in: to ${to}, those already waiting too.`,
    unreachableSummary: (seconds: number, to: string) =>
      `When nobody logged in could be reached for ${seconds} s: to ${to}, those already waiting too.`,
    closedSummary: (to: string) => `When closed: to ${to}.`,
    full: 'Close when many wait',
    fullHelp: 'Who is on the way into the queue counts, too. Nobody who waits already is touched.',
    waitingMost: 'So many may wait',
    reopenAt: 'Open again when so many wait',
    calls: 'calls',
    late: 'Close when somebody has waited long',
    waitedMost: 'Longest wait',
    minutes: 'min',
    situationTo: 'Ring instead',
    situationHelp: 'Leave empty: busy before the call is answered, so that it costs nothing.',
    nobody: 'Forward when nobody is logged in',
    unreachable: 'Forward when nobody logged in can be reached',
    waitingToo:
      'Holds for those who wait already, too. They wait on until somebody answers, and an agent who is quicker gets the call.',
    to: 'To the number',
    toHelp: 'A number of your own leads to its queue, others are rung.',
    grace: 'After so long',
    seconds: 's',
    closedTo: 'When closed, forward to',
    closedHelp: 'After the announcement that it is closed, or at once if none is played. Empty: the call ends.',
    there: 'At the other number',
    ring: 'Ring time',
    ringHelp: 'From when it begins to ring there. Keep it shorter than their voicemail.',
    unanswered: 'If nobody answers there',
    unansweredWays: {
      return: {
        label: 'Back to the queue',
        help: 'Who waited waits on in their place; who was not let in is let in. While it is closed, the call ends.'
      },
      announce: { label: 'Say that it is closed', help: 'The closed announcement is played and the call ends.' },
      end: { label: 'End', help: 'Busy if the call is not answered, else it is hung up.' }
    },
    present: 'Show this number where the network does not take the caller’s',
    presentCalled: 'The number that was called',

    limits: 'Limits',
    limitsLead: 'What calls out of the switchboard may be. They guard against dear and endless forwards.',
    allowed: 'Allowed numbers begin with',
    allowedHelp: 'With the country’s code, apart by a space: +46 +47. Your own numbers are always allowed.',
    barred: 'But not those that begin with',
    barredHelp: 'The longest that fits decides. Premium numbers stand here from the start.',
    perMinute: 'Calls per minute',
    perMinuteHelp:
      'Those who wait already are tried again after a minute; for others it is as if nobody answered there.',
    dayMost: 'Cost per day, at most',
    dayMostHelp: 'Calls that are not over count, too. At the limit no more are made; those under way are not cut off.',
    kronor: 'kr',
    talkMost: 'Longest call',
    talkMostHelp: 'A forwarded call is ended after so long, if nobody has hung up.',
    prices: 'Price per minute',
    pricesHelp: 'Beginning of the number and öre, pair by pair: +467 60, +46 20. A begun minute counts.',
    today: 'So far today',
    todayCost: (kronor: string, most: string) => `${kronor} of ${most}`,
    stopped: 'Stopped forwards',
    stoppedNone: 'Nothing was stopped in the last seven days.',
    stoppedTime: 'Time',
    stoppedNumber: 'Number',
    stoppedQueue: 'Queue',
    stoppedWhy: 'Limit',
    call: 'The call',
    limitNames: {
      number: 'Cannot be dialled',
      prefix: 'Beginning not allowed',
      'per-minute': 'Calls per minute',
      cost: 'Cost of the day',
      again: 'Same caller again',
      loop: 'Goes round',
      talk: 'Longest call'
    },
    savedLimits: 'The limits are saved.'
  }
);
