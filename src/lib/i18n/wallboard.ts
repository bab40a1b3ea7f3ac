import { dictionary } from './language.ts';

/** Words of the wallboard: few, and large enough to read from five metres. */
export const wallboard = dictionary(
  {
    title: 'Wallboard',
    queues: 'Köer',
    queue: 'kö',
    live: 'live',
    connecting: 'ansluter …',
    waiting: 'väntar',
    longest: 'längst',
    serviceLevel: 'servicenivå, %',
    now: 'nu',
    today: 'i dag',
    agents: 'agenter',
    target: (percent: number, seconds: number) => `${percent} % inom ${seconds} s`,
    over: (limit: string) => `över ${limit}`,
    targetMet: 'målet nått',
    belowTarget: 'under målet',
    noneYet: 'inget räknat än',
    spokenLevel: (percent: string, target: number) => `${percent} procent, målet är ${target}`,
    talking: () => 'i samtal',
    wrapUp: () => 'efterarbete',
    answered: (count: number): string => (count === 1 ? 'besvarat' : 'besvarade'),
    abandoned: (count: number): string => (count === 1 ? 'tappat' : 'tappade'),
    freeOf: (free: number, all: number) => `${free === 1 ? 'ledig' : 'lediga'} av ${all}`,
    closed: 'stängd',
    closedUntil: (time: string) => `stängd, öppnar ${time}`,
    reasons: {
      'outside-hours': 'utanför öppettiderna',
      holiday: 'helgdag',
      temporary: 'tillfälligt stängd',
      situation: 'för många väntar'
    },
    agentsHead: 'Agenter',
    noAgents: 'Ingen är medlem i någon kö än.',
    noPhone: 'telefonen nås inte',
    overLimit: 'över tiden',
    calm: 'Inget larm',
    waitedAlone: (queue: string, time: string) => `${queue}: en inringare har väntat ${time}`,
    waitedNoneFree: (queue: string, time: string, agents: number) =>
      agents === 1
        ? `${queue}: en inringare har väntat ${time}, och köns enda agent är upptagen`
        : `${queue}: en inringare har väntat ${time}, och ingen av köns ${agents} agenter är ledig`,
    waitedNobody: (queue: string, time: string) => `${queue}: en inringare har väntat ${time}, och ingen är inloggad`,
    tooLong: (queue: string) => `${queue}: någon har väntat för länge`,
    nobodyWaiting: (queue: string, waiting: number) => `${queue}: ${waiting} väntar, och ingen är inloggad`,
    nobody: (queue: string) => `${queue} är öppen, men ingen är inloggad`,
    lastLoggedOut: (queue: string, agent: string, waiting: number) =>
      `${queue}: ${agent} loggades ut efter obesvarade samtal, och ingen är kvar${waiting > 0 ? `; ${waiting} väntar` : ''}`,
    forwardStopped: (queue: string, limit: string) =>
      `${queue}: en vidarekoppling stoppades (${limit.toLocaleLowerCase('sv')})`,
    situations: {
      full: (queue: string) => `${queue} tar inte emot fler: så många får vänta`,
      late: (queue: string) => `${queue} tar inte emot fler: väntan är för lång`,
      nobody: (queue: string) => `${queue}: ingen är inloggad`,
      unreachable: (queue: string) => `${queue}: ingen inloggad går att nå`
    },
    staleSince: (time: string) => `Inaktuellt sedan ${time}.`,
    staleAge: (age: string) => `Siffrorna är ${age} gamla, samtalen går vidare. Ansluter igen.`,
    notDurable: 'Samtalen går vidare, men det som händer finns bara hos växeln själv tills lagringen är tillbaka.',
    workerUnavailable: 'Växeln svarar inte just nu. Samtalen ligger kvar medan den startar om.',
    callsBehind: 'Visa samtalen bakom',
    menu: 'Meny',
    administration: 'Administration',
    calls: 'Samtal',
    desk: 'Min arbetsplats',
    fullScreen: 'Hela skärmen',
    emptyTitle: 'Inga köer än',
    emptyAdministrator: 'När den första kön finns visas den här: vilka som väntar, hur länge och vilka som kan svara.',
    emptySupervisor: 'När en administratör har skapat en kö visas den här.',
    emptyAgent: 'Du är inte medlem i någon kö. Be en administratör lägga till dig.',
    createQueue: 'Skapa en kö'
  },
  {
    title: 'Wallboard',
    queues: 'Queues',
    queue: 'queue',
    live: 'live',
    connecting: 'connecting …',
    waiting: 'waiting',
    longest: 'longest',
    serviceLevel: 'service level, %',
    now: 'now',
    today: 'today',
    agents: 'agents',
    target: (percent: number, seconds: number) => `${percent} % within ${seconds} s`,
    over: (limit: string) => `over ${limit}`,
    targetMet: 'target met',
    belowTarget: 'below target',
    noneYet: 'none counted yet',
    spokenLevel: (percent: string, target: number) => `${percent} per cent, the target is ${target}`,
    talking: () => 'talking',
    wrapUp: () => 'wrap-up',
    answered: () => 'answered',
    abandoned: () => 'abandoned',
    freeOf: (_free: number, all: number) => `free of ${all}`,
    closed: 'closed',
    closedUntil: (time: string) => `closed, opens ${time}`,
    reasons: {
      'outside-hours': 'outside opening hours',
      holiday: 'holiday',
      temporary: 'closed for the time being',
      situation: 'too many are waiting'
    },
    agentsHead: 'Agents',
    noAgents: 'Nobody is a member of a queue yet.',
    noPhone: 'phone out of reach',
    overLimit: 'over its time',
    calm: 'No alarms',
    waitedAlone: (queue: string, time: string) => `${queue}: a caller has waited ${time}`,
    waitedNoneFree: (queue: string, time: string, agents: number) =>
      agents === 1
        ? `${queue}: a caller has waited ${time}, and its only agent is not free`
        : `${queue}: a caller has waited ${time}, and none of its ${agents} agents is free`,
    waitedNobody: (queue: string, time: string) => `${queue}: a caller has waited ${time}, and nobody is logged in`,
    tooLong: (queue: string) => `${queue}: somebody has waited too long`,
    nobodyWaiting: (queue: string, waiting: number) =>
      `${queue}: ${waiting === 1 ? '1 waits' : `${waiting} wait`}, and nobody is logged in`,
    nobody: (queue: string) => `${queue} is open, but nobody is logged in`,
    lastLoggedOut: (queue: string, agent: string, waiting: number) =>
      `${queue}: ${agent} was logged out after unanswered calls, and nobody is left${waiting === 0 ? '' : waiting === 1 ? '; 1 waits' : `; ${waiting} wait`}`,
    forwardStopped: (queue: string, limit: string) =>
      `${queue}: a forward was stopped (${limit.toLocaleLowerCase('en')})`,
    situations: {
      full: (queue: string) => `${queue} takes no more: as many wait as may`,
      late: (queue: string) => `${queue} takes no more: the wait is too long`,
      nobody: (queue: string) => `${queue}: nobody is logged in`,
      unreachable: (queue: string) => `${queue}: nobody logged in can be reached`
    },
    staleSince: (time: string) => `Stale since ${time}.`,
    staleAge: (age: string) => `Figures are ${age} old, calls go on. Reconnecting.`,
    notDurable: 'Calls go on, but what happens is kept by the switchboard alone until the store is back.',
    workerUnavailable: 'The switchboard does not answer right now. Calls stay while it restarts.',
    callsBehind: 'Show the calls behind',
    menu: 'Menu',
    administration: 'Administration',
    calls: 'Calls',
    desk: 'My desk',
    fullScreen: 'Full screen',
    emptyTitle: 'No queues yet',
    emptyAdministrator: 'Once the first queue is there, it is shown here: who waits, how long, and who can answer.',
    emptySupervisor: 'Once an administrator has made a queue, it is shown here.',
    emptyAgent: 'You are not a member of any queue. Ask an administrator to add you.',
    createQueue: 'Create a queue'
  }
);
