import { dictionary } from './language.ts';

/** Reasons for a pause, as administrators set them. */
export const pauses = dictionary(
  {
    title: 'Pauser',
    lead: 'Vad agenter väljer mellan när de pausar. Är tiden över får agenten veta det, och det syns rött på wallboarden. Pausen går vidare tills agenten fortsätter.',
    reasons: 'Orsaker',
    name: 'Orsak',
    limit: 'Högst',
    minutes: 'minuter',
    moveUp: (name: string) => `Flytta upp ${name}`,
    remove: (name: string) => `Ta bort ${name}`,
    add: 'Ny orsak',
    none: 'Inga än: agenter pausar utan orsak.',
    saved: 'Pausorsakerna är sparade.'
  },
  {
    title: 'Pauses',
    lead: 'What agents choose from when they pause. When the time is over the agent is told, and it shows red on the wallboard. The pause goes on until the agent resumes.',
    reasons: 'Reasons',
    name: 'Reason',
    limit: 'At most',
    minutes: 'minutes',
    moveUp: (name: string) => `Move ${name} up`,
    remove: (name: string) => `Remove ${name}`,
    add: 'New reason',
    none: 'None yet: agents pause without a reason.',
    saved: 'The reasons are saved.'
  }
);
