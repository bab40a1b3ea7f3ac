import type { Language } from '#lib/acd/configuration.ts';
import type { ClosedReason } from '#lib/acd/events.ts';
import type { FactBody, StoppedBy } from '#lib/acd/facts.ts';
import type { QueueHours } from '#lib/acd/indexes.ts';

/** What is taken for granted about everybody else. `full`: as many wait as may, or so long. */
export const assumptions = ['busy', 'free', 'nobody', 'unreachable', 'full'] as const;
export type Assumption = (typeof assumptions)[number];

/** One thing that a caller hears, or why they hear the next; `atMs` counts from the call. */
export type Step = { atMs: number } & StepBody;
export type StepBody =
  /** At the door of a queue. `refused` null: let in; else why not, which its hours may have decided. */
  | { type: 'door'; queueId: string; hours: QueueHours; refused: ClosedReason | null }
  | {
      type: 'said';
      announcement: Extract<FactBody, { type: 'announced' }>['announcement'];
      /** Names of files, played in a row. */
      media: string[];
      language: Language;
      ms: number;
      /** Ended by what comes next. */
      cut: boolean;
    }
  | { type: 'music'; ms: number }
  /** From here on the call has a place, and agents are rung for it. */
  | { type: 'entered'; queueId: string }
  | { type: 'rings' }
  /** As is assumed, so long after the ring began. */
  | { type: 'answered'; afterMs: number }
  | { type: 'moved'; toQueueId: string; why: ClosedReason }
  /** The caller hears it ring there; what comes of it is not foretold. */
  | { type: 'forwarded'; to: string; why: ClosedReason; ringSeconds: number }
  | { type: 'stopped'; to: string; limit: StoppedBy }
  | { type: 'ended'; tone: 'normal' | 'busy' | 'no-answer' }
  /** As long as was asked for; the caller still waits. */
  | { type: 'waits-on' };

export interface Preview {
  atMs: number;
  /** The organization's. */
  timeZone: string;
  language: Language;
  /** Of the numbers that lead to the queue. */
  languages: Language[];
  steps: Step[];
  /** Names of queues by id. */
  queues: Record<string, string>;
  /** What each announcement says, by name; null: not written down; absent: its file is missing. */
  words: Record<string, string | null>;
}

/** Why there is nothing to hear. */
export type PreviewCode = 'no-moment' | 'too-far' | 'no-queue' | 'no-number';
