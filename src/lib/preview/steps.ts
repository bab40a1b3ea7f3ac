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
  /** It rings there; who waits hears on what they heard. */
  | { type: 'forwarded'; to: string; why: ClosedReason; ringSeconds: number }
  /** Nobody has, as is assumed; what follows is by the queue's setting. */
  | { type: 'unanswered'; to: string }
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
  /** The holiday that closes a queue, by the queue's id, in the language that was asked for. */
  holidays: Record<string, string>;
  /** What the waiting time would say at this moment; null: the queue does not say it, or it is about another moment. */
  waitingTime: WaitingTimeNow | null;
  /** What each announcement says, by name; null: not written down; absent: its file is missing. */
  words: Record<string, string | null>;
  /** What the organization calls its own, by name as above. */
  names: Record<string, string>;
}

/** Why no waiting time is told. */
export type Silence =
  /** Somebody is free: nobody would wait. */
  | 'free'
  | 'nobody-at-work'
  /** B5: too few calls to go by. */
  | 'too-little'
  /** So far back, or so long, that it would be no help. */
  | 'too-long'
  /** What happens in the queue cannot be seen at this moment. */
  | 'unknown';

export type WaitingTimeNow =
  /** Names of files, played in a row. */
  { type: 'said'; media: string[]; place: number; agents: number } | { type: 'silent'; why: Silence };

/** Why there is nothing to hear. */
export type PreviewCode = 'no-moment' | 'too-far' | 'no-queue' | 'no-number';
