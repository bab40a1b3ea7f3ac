import { listed, say, type Part } from '#lib/calls/say.ts';
import type { SpokenWait } from '#lib/acd/speech.ts';
import { dictionary } from './language.ts';

const minutes = (from: number, to: number) => (from === to ? `${to}` : `${from}–${to}`);

/**
 * What happened to a call and why, in plain words (B3). Each list is by the codes of facts; a code that is not in it is
 * told as it is (`other`), so that nothing is left out and nothing untrue is said.
 */
export const why = dictionary(
  {
    other: (code: string) => `annat (${code})`,
    someone: 'någon som inte längre är känd',
    aQueue: 'en kö som inte längre är känd',
    aSkill: 'en kompetens som inte längre är känd',

    arrived: (dialled: Part, queue: Part) => say`Samtalet kom till ${dialled}, som leder till ${queue}.`,
    withheld: 'Den som ringer döljer sitt nummer.',
    noNumber: 'Inget nummer följde med samtalet.',
    endedBy: {
      caller: 'Den som ringde lade på.',
      agent: 'Agenten lade på.',
      system: 'Växeln avslutade samtalet.'
    },
    neverQueued: {
      'left-before-queue': 'Den som ringde lade på innan samtalet stod i någon kö.',
      closed: 'Samtalet ställdes inte i kön: den var stängd.',
      refused: 'Samtalet togs inte emot.'
    },
    closedBecause: (reason: string) => say`Skäl: ${reason}.`,
    closedReasons: {
      'outside-hours': 'utanför öppettiderna',
      holiday: 'helgdag',
      temporary: 'tillfälligt stängt',
      situation: 'läget i kön',
      nobody: 'ingen agent är inloggad',
      unreachable: 'ingen inloggad agent går att nå',
      full: 'växeln kan inte hålla fler samtal'
    },
    ended: (code: string) => say`Samtalet slutade: ${code}.`,
    announced: (what: string) => say`Spelat för den som ringde: ${what}.`,
    announcedNot: (what: string) => say`Det gick inte att spela ${what}.`,
    announcements: {
      welcome: 'välkomstbeskedet',
      first: 'det första köbeskedet',
      repeated: 'det upprepade köbeskedet',
      closed: 'beskedet att det är stängt',
      reconnecting: 'beskedet att samtalet kopplas på nytt',
      position: 'platsen i kön',
      'waiting-time': 'beräknad väntetid'
    },
    announcedWait: ({ fromMinutes, toMinutes }: SpokenWait) =>
      fromMinutes === 0 ? `Mindre än ${toMinutes} min sades.` : `${minutes(fromMinutes, toMinutes)} min sades.`,
    predicted: (low: string, high: string) => say`Beräknad väntetid var ${low} till ${high}.`,
    predictedFrom: (place: number, agents: number) => `Av plats ${place} och ${agents} i arbete.`,
    announcedPlace: (place: number) => `Nummer ${place} sades.`,

    entered: {
      call: (queue: Part) => say`Ställdes i kön ${queue}.`,
      'agent-lost': (queue: Part) => say`Ställdes i kön ${queue} igen, eftersom agentens telefon försvann.`,
      adopted: (queue: Part) => say`Fick tillbaka sin plats i ${queue} efter ett avbrott i växeln.`
    },
    enteredOther: (queue: Part, code: string) => say`Ställdes i kön ${queue}: ${code}.`,
    strict: 'Går alltid före andra samtal, hur länge de än har väntat.',
    credit: (wait: string) => say`Räknas som om väntan redan var ${wait}.`,
    queuedSince: (time: string) => say`Väntetiden räknas från ${time}.`,
    visitAnswered: (agent: Part, wait: string) => say`${agent} och den som ringde kopplades ihop efter ${wait} i kön.`,
    visitEnded: {
      abandoned: (queue: Part, wait: string) => say`Gav upp i ${queue} efter ${wait}.`,
      forwarded: (queue: Part, wait: string) => say`Vidarekopplades från ${queue} efter ${wait}.`,
      moved: (queue: Part, wait: string) => say`Flyttades från ${queue} till en annan kö efter ${wait}.`,
      'called-back': (queue: Part, wait: string) => say`Lämnade ${queue} efter ${wait} och blir uppringd i stället.`,
      failed: (queue: Part, wait: string) => say`Kunde inte stå kvar i ${queue}; det var efter ${wait}.`
    },
    visitEndedOther: (queue: Part, wait: string, code: string) => say`Lämnade ${queue} efter ${wait}: ${code}.`,

    offered: (agent: Part) => say`Erbjöds ${agent}.`,
    decided: {
      only: 'Ensam ledig som kunde ta samtalet.',
      'only-left': 'Ensam ledig som inte nyss har fått samtalet.',
      fresh: 'Först i ordningen: övriga lediga ville eller kunde inte ta samtalet nyss.',
      demoted: 'Först i ordningen: övriga lediga tog inte sitt senaste samtal.',
      tier: 'Först i ordningen: lägst nivå i kön.',
      skill: 'Först i ordningen: kan det som krävs bäst.',
      load: 'Först i ordningen: minst antal samtal per tillgänglig timme i dag.',
      idle: 'Först i ordningen: har varit ledig längst.',
      tie: 'Först i ordningen: lika med nästa i allt, och då avgör en fast ordning.'
    },
    eligible: 'I tur, i ordning',
    andMore: (count: number): string => (count === 1 ? 'och 1 till' : `och ${count} till`),
    tier: (tier: number) => `nivå ${tier}`,
    skillSum: (sum: number) => `kompetens ${sum}`,
    load: (calls: string) => `${calls} samtal i timmen`,
    idleSince: (time: string) => `ledig sedan ${time}`,
    demoted: 'tog inte sitt senaste samtal',
    again: 'ville eller kunde inte ta samtalet nyss',
    heldOff: (agent: Part, time: string) => say`${agent} hoppades över: tog det inte nyss, kan få det igen ${time}.`,
    putLast: (agent: Part) => say`${agent} ställdes sist: ville eller kunde inte ta samtalet nyss.`,
    triggers: {
      'visit-entered': 'Just nu, eftersom samtalet kom till kön.',
      'agent-free': 'Just nu, eftersom någon blev ledig.',
      'offer-ended': 'Just nu, eftersom ett annat erbjudande tog slut.',
      'announcement-heard': 'Just nu, eftersom det som måste höras är hört.',
      configuration: 'Just nu, eftersom en inställning ändrades.',
      recovered: 'Just nu, eftersom växeln är tillbaka efter ett avbrott.',
      'needs-relaxed': 'Just nu, eftersom kraven ändrades.'
    },
    trigger: (code: string) => `Utlösande: ${code}.`,
    rules: { 'longest-idle': 'längst ledig', fair: 'rättvist', parallel: 'flera samtidigt' },
    ruleOf: (queue: Part, rule: string) => say`${queue} fördelar: ${rule}.`,
    nth: (nth: number, of: number) => say`Nummer ${nth} som rings samtidigt, av högst ${of}.`,
    place: (place: number) => say`Plats i kön: ${place}.`,
    needs: (needs: Part[]) => say`Krav: ${needs}.`,
    need: (skill: Part, level: number) => say`${skill} minst ${level}`,

    waits: 'Ingen rings just nu.',
    crowd: (states: string) => say`Inloggade som kan ta det: ${states}.`,
    crowdNone: 'Ingen inloggad kan ta det.',
    nobody: 'Ingen är inloggad i kön.',
    crowdStates: {
      'on-call': (n: number) => `${n} i samtal`,
      'wrap-up': (n: number) => `${n} i efterarbete`,
      offered: (n: number) => `${n} som det redan ringer hos`,
      paused: (n: number) => (n === 1 ? '1 pausad' : `${n} pausade`),
      unreachable: (n: number) => (n === 1 ? '1 onåbar' : `${n} onåbara`),
      'logged-out': (n: number) => (n === 1 ? '1 utloggad' : `${n} utloggade`),
      free: (n: number) => (n === 1 ? '1 ledig' : `${n} lediga`)
    },
    crowdOther: (n: number, code: string) => `${n} ${code}`,
    unskilled: (n: number, needs: Part[]) => say`${n} inloggade, men utan ${needs}.`,
    heldBack: (agents: Part[]) => say`Får det inte igen på 10 sekunder: ${agents}.`,
    needsNow: (wait: string, needs: Part[]) => say`Efter ${wait} i kön är kravet ${needs}.`,
    needsNone: (wait: string) => say`Efter ${wait} i kön kan vem som helst ta det.`,
    placeKept: (time: string) => say`Platsen behålls till ${time}, om samma nummer ringer igen.`,
    placeTaken: (wait: string) => say`Fick tillbaka platsen från sitt förra samtal: ${wait} räknas med.`,
    placeRefused: {
      'another-waits': 'Fick inte tillbaka sin plats: ett annat samtal från numret väntar redan.',
      'rings-often': 'Fick inte tillbaka sin plats: numret ringer ofta.'
    },
    placeRefusedOther: (code: string) => say`Fick inte tillbaka sin plats: ${code}.`,

    ringing: (agent: Part) => say`Det ringer hos ${agent}.`,
    pickedUp: (agent: Part, time: string) =>
      say`Mobilen till ${agent} svarade: samtalet väntade på ettan till ${time}.`,
    deviceChanged: (agent: Part) => say`${agent} rings på en annan telefon.`,
    deviceChosen: (agent: Part) => say`${agent} valde en annan telefon, från nästa samtal.`,
    rungAnew: (agent: Part) => say`Ringningen hos ${agent} hade inte nått fram: den började om.`,
    offerEnded: {
      accepted: (agent: Part) => say`${agent} svarade.`,
      declined: (agent: Part) => say`${agent} tackade nej.`,
      missed: (agent: Part) => say`${agent} svarade inte.`,
      withdrawn: (agent: Part) => say`Det slutade ringa hos ${agent}: erbjudandet togs tillbaka.`,
      failed: (agent: Part) => say`Det gick inte att ringa ${agent}.`
    },
    offerEndedOther: (agent: Part, code: string) => say`Erbjudandet till ${agent} tog slut: ${code}.`,
    causes: {
      'hung-up': 'luren lades på',
      declined: 'avböjt på telefonen',
      busy: 'telefonen var upptagen',
      'no-answer': 'det ringde tiden ut',
      unreachable: 'telefonen gick inte att nå',
      lost: 'förbindelsen bröts',
      failed: 'fel vid uppringningen',
      cancelled: 'uppringningen togs tillbaka'
    },
    cause: (cause: string) => say`Orsak: ${cause}.`,
    unanswered: (count: number) => say`Obesvarade i rad: ${count}.`,
    talkStarted: (agent: Part) => say`${agent} och den som ringde hör varandra.`,
    talkEnded: (agent: Part, talked: string) => say`Samtalet med ${agent} är slut efter ${talked}.`,
    talkEndedBy: {
      caller: 'Den som ringde lade på.',
      agent: 'Agenten lade på.',
      system: 'Växeln avslutade det.'
    },
    talkLost: 'Förbindelsen till agenten bröts; den som ringde blev inte bortkopplad.',
    held: (agent: Part) => say`${agent} satte samtalet på vänt.`,
    unheld: (agent: Part) => say`${agent} tog tillbaka samtalet.`,
    wrapUp: (agent: Part, time: string) => say`${agent} har efterarbete till ${time}.`,
    wrapUpChanged: (agent: Part, time: string) => say`${agent} förlängde efterarbetet till ${time}.`,
    wrapUpEnded: {
      time: (agent: Part) => say`Efterarbetet tog slut för ${agent}.`,
      agent: (agent: Part) => say`${agent} avslutade efterarbetet.`
    },
    shiftOn: (agent: Part) => say`${agent} började sitt pass.`,
    shiftOff: (agent: Part) => say`${agent} avslutade sitt pass.`,
    loggedIn: (agent: Part, queue: Part) => say`${agent} loggades in i ${queue}.`,
    loggedOut: (agent: Part, queue: Part) => say`${agent} loggades ut ur ${queue}.`,
    loginBy: {
      agent: 'Av agenten.',
      unanswered: 'Efter för många obesvarade i rad.',
      shift: 'Med passet.',
      membership: 'När medlemskapet ändrades.',
      removed: 'När medlemskapet togs bort.',
      restored: 'Återställt efter ett avbrott.'
    },
    lastLoggedOut: (agent: Part, queue: Part) => say`${agent} var sist inloggad i ${queue}. Nu är ingen där.`,
    paused: (agent: Part) => say`${agent} pausade.`,
    resumed: (agent: Part) => say`${agent} är tillbaka från pausen.`,
    reached: (agent: Part) => say`Telefonen hos ${agent} går att nå.`,
    unreached: (agent: Part) => say`Telefonen hos ${agent} går inte att nå.`,
    agentState: (agent: Part, state: string) => say`${agent}: ${state}.`,
    opened: (queue: Part) => say`${queue} öppnade.`,
    closed: (queue: Part) => say`${queue} stängde.`,
    configured: (what: Part) => say`En inställning kom i drift: ${what}.`,
    dayBegan: 'Ett nytt dygn började.',
    corrected: {
      'connect-failed': 'Agenten svarade, men kunde inte kopplas ihop med den som ringde, som väntar vidare.',
      'agent-left-before-talk': 'Agenten svarade men försvann före samtalet. Den som ringde väntar vidare.',
      'agent-lost': 'Agentens telefon försvann mitt i samtalet.',
      'call-adopted': 'Växeln tog hand om samtalet igen efter ett avbrott.',
      'call-gone': 'Samtalet fanns inte kvar när växeln var tillbaka efter ett avbrott.',
      'offer-gone': 'Erbjudandet fanns inte kvar när växeln var tillbaka efter ett avbrott.',
      'call-never-gone': 'Telefonin bekräftade aldrig att samtalet var slut; växeln räknar det som slut.',
      'forward-gone': 'Vidarekopplingen försvann medan växeln var borta.',
      'forward-never-gone': 'Telefonin bekräftade aldrig att vidarekopplingen avslutats.',
      'offer-never-gone': 'Telefonin bekräftade aldrig att det slutat ringa; växeln räknar agenten som ledig.',
      'intent-restored': 'Det agenten hade valt återställdes efter ett avbrott.',
      'place-restored': 'En plats som behålls återställdes efter ett avbrott.'
    },
    correctedOther: (code: string) => say`Växeln rättade något av sig själv: ${code}.`,
    unknown: (type: string) => say`Växeln antecknade: ${type}.`,

    settings: {
      distribution: (queue: Part) => say`Inställning: fördelningen i ${queue}`,
      needs: (queue: Part) => say`Inställning: vad agenten måste kunna i ${queue} och för numret`,
      priority: (queue: Part) => say`Inställning: företräde i ${queue} och för numret`,
      place: (queue: Part) => say`Inställning: behållen plats i ${queue}`,
      unanswered: (queue: Part) => say`Inställning: utloggning efter obesvarade i ${queue}`,
      ringTime: (queue: Part) => say`Inställning: ringtid i ${queue}`,
      wrapUp: (queue: Part) => say`Inställning: efterarbete i ${queue}`,
      hours: (queue: Part) => say`Inställning: öppettider för ${queue}`,
      announcements: (queue: Part) => say`Inställning: beskeden i ${queue}`,
      closing: (queue: Part) => say`Inställning: när samtal inte tas emot i ${queue}`
    },
    list: (items: Part[][]) => listed(items, 'och')
  },
  {
    other: (code: string) => `other (${code})`,
    someone: 'somebody no longer known',
    aQueue: 'a queue no longer known',
    aSkill: 'a skill no longer known',

    arrived: (dialled: Part, queue: Part) => say`The call came to ${dialled}, which leads to ${queue}.`,
    withheld: 'The caller withholds their number.',
    noNumber: 'No number came with the call.',
    endedBy: {
      caller: 'The caller hung up.',
      agent: 'The agent hung up.',
      system: 'The switchboard ended the call.'
    },
    neverQueued: {
      'left-before-queue': 'The caller hung up before the call stood in a queue.',
      closed: 'The call did not enter the queue: it was closed.',
      refused: 'The call was not taken.'
    },
    closedBecause: (reason: string) => say`Reason: ${reason}.`,
    closedReasons: {
      'outside-hours': 'outside opening hours',
      holiday: 'holiday',
      temporary: 'closed for the time being',
      situation: 'the state of the queue',
      nobody: 'no agent is logged in',
      unreachable: 'no agent logged in can be reached',
      full: 'the switchboard can hold no more calls'
    },
    ended: (code: string) => say`The call ended: ${code}.`,
    announced: (what: string) => say`Played to the caller: ${what}.`,
    announcedNot: (what: string) => say`It was not possible to play ${what}.`,
    announcements: {
      welcome: 'the welcome announcement',
      first: 'the first queue announcement',
      repeated: 'the repeated queue announcement',
      closed: 'the announcement that it is closed',
      reconnecting: 'the announcement that the call is being reconnected',
      position: 'the place in the queue',
      'waiting-time': 'the estimated waiting time'
    },
    announcedWait: ({ fromMinutes, toMinutes }: SpokenWait) =>
      fromMinutes === 0 ? `Less than ${toMinutes} min was said.` : `${minutes(fromMinutes, toMinutes)} min was said.`,
    predicted: (low: string, high: string) => say`The estimated waiting time was ${low} to ${high}.`,
    predictedFrom: (place: number, agents: number) => `From place ${place} and ${agents} at work.`,
    announcedPlace: (place: number) => `Number ${place} was said.`,

    entered: {
      call: (queue: Part) => say`Entered the queue ${queue}.`,
      'agent-lost': (queue: Part) => say`Entered the queue ${queue} again, since the agent's phone was gone.`,
      adopted: (queue: Part) => say`Got its place in ${queue} back after an interruption of the switchboard.`
    },
    enteredOther: (queue: Part, code: string) => say`Entered the queue ${queue}: ${code}.`,
    strict: 'Always goes before other calls, however long they have waited.',
    credit: (wait: string) => say`Counts as if it had already waited ${wait}.`,
    queuedSince: (time: string) => say`The waiting time counts from ${time}.`,
    visitAnswered: (agent: Part, wait: string) =>
      say`${agent} and the caller were connected after ${wait} in the queue.`,
    visitEnded: {
      abandoned: (queue: Part, wait: string) => say`Gave up in ${queue} after ${wait}.`,
      forwarded: (queue: Part, wait: string) => say`Was forwarded from ${queue} after ${wait}.`,
      moved: (queue: Part, wait: string) => say`Was moved from ${queue} to another queue after ${wait}.`,
      'called-back': (queue: Part, wait: string) => say`Left ${queue} after ${wait} and will be called back instead.`,
      failed: (queue: Part, wait: string) => say`Could not stay in ${queue}; that was after ${wait}.`
    },
    visitEndedOther: (queue: Part, wait: string, code: string) => say`Left ${queue} after ${wait}: ${code}.`,

    offered: (agent: Part) => say`Offered to ${agent}.`,
    decided: {
      only: 'The only one free who could take the call.',
      'only-left': 'The only one free who had not just had the call.',
      fresh: 'First in order: the others who are free would not or could not take the call before.',
      demoted: 'First in order: the others who are free did not take their latest call.',
      tier: 'First in order: lowest tier in the queue.',
      skill: 'First in order: best at what is needed.',
      load: 'First in order: fewest calls per available hour today.',
      idle: 'First in order: has been free longest.',
      tie: 'First in order: equal to the next in everything, and then a fixed order decides.'
    },
    eligible: 'In line, in order',
    andMore: (count: number) => `and ${count} more`,
    tier: (tier: number) => `tier ${tier}`,
    skillSum: (sum: number) => `skill ${sum}`,
    load: (calls: string) => `${calls} calls an hour`,
    idleSince: (time: string) => `free since ${time}`,
    demoted: 'did not take their latest call',
    again: 'would not or could not take the call before',
    heldOff: (agent: Part, time: string) =>
      say`${agent} was passed over: did not take it just now, may have it again ${time}.`,
    putLast: (agent: Part) => say`${agent} was put last: would not or could not take the call before.`,
    triggers: {
      'visit-entered': 'At this moment because the call entered the queue.',
      'agent-free': 'At this moment because somebody became free.',
      'offer-ended': 'At this moment because another offer ended.',
      'announcement-heard': 'At this moment because what must be heard had been heard.',
      configuration: 'At this moment because a setting was changed.',
      recovered: 'At this moment because the switchboard was back after an interruption.',
      'needs-relaxed': 'At this moment because the skills needed had changed.'
    },
    trigger: (code: string) => `Set off by: ${code}.`,
    rules: { 'longest-idle': 'longest idle', fair: 'fair share', parallel: 'several at once' },
    ruleOf: (queue: Part, rule: string) => say`${queue} distributes by: ${rule}.`,
    nth: (nth: number, of: number) => say`Number ${nth} to be rung at once, of ${of} at most.`,
    place: (place: number) => say`Place in the queue: ${place}.`,
    needs: (needs: Part[]) => say`Needed: ${needs}.`,
    need: (skill: Part, level: number) => say`${skill} at ${level} or more`,

    waits: 'Nobody is rung at this moment.',
    crowd: (states: string) => say`Logged in and able to take it: ${states}.`,
    crowdNone: 'Nobody logged in can take it.',
    nobody: 'Nobody is logged in to the queue.',
    crowdStates: {
      'on-call': (n: number) => (n === 1 ? '1 in a call' : `${n} in calls`),
      'wrap-up': (n: number) => `${n} in wrap-up`,
      offered: (n: number) => `${n} being rung already`,
      paused: (n: number) => `${n} paused`,
      unreachable: (n: number) => `${n} unreachable`,
      'logged-out': (n: number) => `${n} logged out`,
      free: (n: number) => `${n} free`
    },
    crowdOther: (n: number, code: string) => `${n} ${code}`,
    unskilled: (n: number, needs: Part[]) => say`${n} logged in, but without ${needs}.`,
    heldBack: (agents: Part[]) => say`Not offered it again within 10 seconds: ${agents}.`,
    needsNow: (wait: string, needs: Part[]) => say`After ${wait} in the queue, what is needed is ${needs}.`,
    needsNone: (wait: string) => say`After ${wait} in the queue, anybody may take it.`,
    placeKept: (time: string) => say`The place is kept until ${time}, should the same number ring again.`,
    placeTaken: (wait: string) => say`Got back the place of its earlier call: ${wait} are counted in.`,
    placeRefused: {
      'another-waits': 'Did not get its place back: another call from the number is already waiting.',
      'rings-often': 'Did not get its place back: the number rings often.'
    },
    placeRefusedOther: (code: string) => say`Did not get its place back: ${code}.`,

    ringing: (agent: Part) => say`It rings at ${agent}.`,
    pickedUp: (agent: Part, time: string) =>
      say`The mobile of ${agent} answered: the call waited for a 1 until ${time}.`,
    deviceChanged: (agent: Part) => say`${agent} is rung on another telephone.`,
    deviceChosen: (agent: Part) => say`${agent} chose another telephone, from the next call on.`,
    rungAnew: (agent: Part) => say`The ring at ${agent} had not got through: it began anew.`,
    offerEnded: {
      accepted: (agent: Part) => say`${agent} answered.`,
      declined: (agent: Part) => say`${agent} declined.`,
      missed: (agent: Part) => say`${agent} did not answer.`,
      withdrawn: (agent: Part) => say`It stopped ringing at ${agent}: the offer was taken back.`,
      failed: (agent: Part) => say`It was not possible to ring ${agent}.`
    },
    offerEndedOther: (agent: Part, code: string) => say`The offer to ${agent} ended: ${code}.`,
    causes: {
      'hung-up': 'hung up',
      declined: 'declined on the phone',
      busy: 'the phone was busy',
      'no-answer': 'it rang until the time was up',
      unreachable: 'the phone could not be reached',
      lost: 'the connection was lost',
      failed: 'an error in ringing',
      cancelled: 'the ringing was taken back'
    },
    cause: (cause: string) => say`Cause: ${cause}.`,
    unanswered: (count: number) => say`Unanswered in a row: ${count}.`,
    talkStarted: (agent: Part) => say`${agent} and the caller hear each other.`,
    talkEnded: (agent: Part, talked: string) => say`The talk with ${agent} is over after ${talked}.`,
    talkEndedBy: {
      caller: 'The caller hung up.',
      agent: 'The agent hung up.',
      system: 'The switchboard ended it.'
    },
    talkLost: 'The connection to the agent was lost; the caller was not cut off.',
    held: (agent: Part) => say`${agent} put the call on hold.`,
    unheld: (agent: Part) => say`${agent} took the call back from hold.`,
    wrapUp: (agent: Part, time: string) => say`${agent} is in wrap-up until ${time}.`,
    wrapUpChanged: (agent: Part, time: string) => say`${agent} took more wrap-up time, until ${time}.`,
    wrapUpEnded: {
      time: (agent: Part) => say`The wrap-up of ${agent} was over.`,
      agent: (agent: Part) => say`${agent} ended the wrap-up.`
    },
    shiftOn: (agent: Part) => say`${agent} started their shift.`,
    shiftOff: (agent: Part) => say`${agent} ended their shift.`,
    loggedIn: (agent: Part, queue: Part) => say`${agent} was logged in to ${queue}.`,
    loggedOut: (agent: Part, queue: Part) => say`${agent} was logged out of ${queue}.`,
    loginBy: {
      agent: 'By the agent.',
      unanswered: 'After too many unanswered in a row.',
      shift: 'With the shift.',
      membership: 'As the membership changed.',
      removed: 'As the membership was removed.',
      restored: 'Restored after an interruption.'
    },
    lastLoggedOut: (agent: Part, queue: Part) =>
      say`${agent} was the last one logged in to ${queue}. Nobody is there now.`,
    paused: (agent: Part) => say`${agent} paused.`,
    resumed: (agent: Part) => say`${agent} is back from the pause.`,
    reached: (agent: Part) => say`The phone of ${agent} can be reached.`,
    unreached: (agent: Part) => say`The phone of ${agent} cannot be reached.`,
    agentState: (agent: Part, state: string) => say`${agent}: ${state}.`,
    opened: (queue: Part) => say`${queue} opened.`,
    closed: (queue: Part) => say`${queue} closed.`,
    configured: (what: Part) => say`A setting came into force: ${what}.`,
    dayBegan: 'A new day began.',
    corrected: {
      'connect-failed': 'The agent answered but could not be joined to the caller, who waits on.',
      'agent-left-before-talk': 'The agent answered but was gone before the talk. The caller waits on.',
      'agent-lost': "The agent's phone was gone in the middle of the talk.",
      'call-adopted': 'The switchboard took the call up again after an interruption.',
      'call-gone': 'The call was no longer there when the switchboard was back after an interruption.',
      'offer-gone': 'The offer was no longer there when the switchboard was back after an interruption.',
      'call-never-gone': 'Telephony never confirmed that the call was over; the switchboard counts it as over.',
      'forward-gone': 'The forward was gone when the switchboard came back.',
      'forward-never-gone': 'The PBX never confirmed that the forward had ended.',
      'offer-never-gone':
        'Telephony never confirmed that the ringing was over; the switchboard counts the agent as free.',
      'intent-restored': 'What the agent had chosen was restored after an interruption.',
      'place-restored': 'A place that is kept was restored after an interruption.'
    },
    correctedOther: (code: string) => say`The switchboard corrected something by itself: ${code}.`,
    unknown: (type: string) => say`The switchboard noted: ${type}.`,

    settings: {
      distribution: (queue: Part) => say`Setting: distribution in ${queue}`,
      needs: (queue: Part) => say`Setting: skills needed in ${queue} and by the number`,
      priority: (queue: Part) => say`Setting: priority in ${queue} and of the number`,
      place: (queue: Part) => say`Setting: kept place in ${queue}`,
      unanswered: (queue: Part) => say`Setting: log-out after unanswered in ${queue}`,
      ringTime: (queue: Part) => say`Setting: ring time in ${queue}`,
      wrapUp: (queue: Part) => say`Setting: wrap-up in ${queue}`,
      hours: (queue: Part) => say`Setting: opening hours of ${queue}`,
      announcements: (queue: Part) => say`Setting: announcements in ${queue}`,
      closing: (queue: Part) => say`Setting: when ${queue} takes no calls`
    },
    list: (items: Part[][]) => listed(items, 'and')
  }
);
