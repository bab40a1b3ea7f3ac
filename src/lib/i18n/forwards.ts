import { say, type Part } from '#lib/calls/say.ts';
import { dictionary } from './language.ts';

/** Calls that are sent on to another number or queue (P4, P10, P11), and what stopped them (E7): sentences of *why*. */
export const forwards = dictionary(
  {
    started: (to: Part) => say`Vidarekopplas till ${to}.`,
    asOwn: 'Vårt eget nummer visas, eftersom nätet inte tar emot den uppringandes.',
    connected: (to: Part) => say`Kopplades ihop med ${to}.`,
    theNumber: 'det andra numret',
    ended: {
      connected: (wait: string) => say`Samtalet med det andra numret slutade efter ${wait}.`,
      unanswered: () => say`Ingen svarade på det andra numret.`,
      refused: () => say`Det andra numret tog inte emot samtalet.`,
      failed: () => say`Det andra numret kunde inte nås.`,
      withdrawn: () => say`Vidarekopplingen togs tillbaka.`
    },
    endedOther: (code: string) => say`Vidarekopplingen slutade: ${code}.`,
    answered: (code: number) => say`Nätet svarade ${String(code)}.`,
    cost: (kronor: string) => say`Beräknad kostnad: ${kronor}.`,
    stopped: (to: Part) => say`Samtalet vidarekopplades inte till ${to}.`,
    broken: (to: Part) => say`Samtalet med ${to} bröts.`,
    limits: {
      number: 'Det går inte att ringa ett sådant nummer.',
      prefix: 'Organisationen tillåter inte samtal till sådana nummer.',
      'per-minute': 'Organisationens gräns för samtal per minut är nådd.',
      cost: 'Organisationens gräns för dagens kostnad är nådd.',
      again: 'Samma uppringande har vidarekopplats dit tre gånger på en minut.',
      loop: 'Samtalet har vidarekopplats för många gånger: det går runt någonstans.',
      talk: 'Det har varat så länge som organisationen tillåter.'
    },
    moved: (from: Part, to: Part) => say`Flyttades från ${from} till ${to}.`,
    situation: {
      full: (queue: Part) => say`${queue} tar inte emot fler: så många får vänta.`,
      late: (queue: Part) => say`${queue} tar inte emot fler: väntan är för lång.`,
      nobody: (queue: Part) => say`Ingen agent är inloggad i ${queue}.`,
      unreachable: (queue: Part) => say`Ingen inloggad agent i ${queue} går att nå.`,
      open: (queue: Part) => say`${queue} tar emot samtal igen.`
    }
  },
  {
    started: (to: Part) => say`Being forwarded to ${to}.`,
    asOwn: 'Our own number is shown, because the network does not take the caller’s.',
    connected: (to: Part) => say`Connected to ${to}.`,
    theNumber: 'the other number',
    ended: {
      connected: (wait: string) => say`The talk with the other number ended after ${wait}.`,
      unanswered: () => say`Nobody answered at the other number.`,
      refused: () => say`The other number did not take the call.`,
      failed: () => say`The other number could not be reached.`,
      withdrawn: () => say`The forward was taken back.`
    },
    endedOther: (code: string) => say`The forward ended: ${code}.`,
    answered: (code: number) => say`The network said ${String(code)}.`,
    cost: (kronor: string) => say`Estimated cost: ${kronor}.`,
    stopped: (to: Part) => say`The call was not forwarded to ${to}.`,
    broken: (to: Part) => say`The talk with ${to} was ended.`,
    limits: {
      number: 'Such a number cannot be dialled.',
      prefix: 'The organization does not allow calls to such numbers.',
      'per-minute': 'The organization’s limit of calls per minute is reached.',
      cost: 'The organization’s limit of today’s cost is reached.',
      again: 'The same caller was forwarded there three times within a minute.',
      loop: 'The call has been forwarded too often: somewhere it goes round.',
      talk: 'It has lasted as long as the organization allows.'
    },
    moved: (from: Part, to: Part) => say`Moved from ${from} to ${to}.`,
    situation: {
      full: (queue: Part) => say`${queue} takes no more: as many wait as may.`,
      late: (queue: Part) => say`${queue} takes no more: the wait is too long.`,
      nobody: (queue: Part) => say`No agent is logged in to ${queue}.`,
      unreachable: (queue: Part) => say`No agent logged in to ${queue} can be reached.`,
      open: (queue: Part) => say`${queue} takes calls again.`
    }
  }
);
