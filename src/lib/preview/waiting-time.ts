import type { Language } from '#lib/acd/configuration.ts';
import { predictBy } from '#lib/acd/pace.ts';
import { sayWait } from '#lib/acd/speech.ts';
import { mostPredicted, wordsFor } from '#lib/acd/waiting-time.ts';
import type { Pace } from '#lib/acd/state.ts';
import type { WaitingTimeNow } from './steps.ts';

/** A queue as it is at a moment. */
export interface QueueNow {
  waiting: number;
  free: number;
  /** Who take calls: free, rung, on a call or in wrap-up. */
  agents: number;
  /** null: nothing has happened in it. */
  pace: Pace | null;
}

/**
 * What the waiting time says to whoever comes last in a queue, or why it is silent (P9, B5): by the engine's own
 * reckoning. As everywhere in a preview, the caller needs no skill and has no priority.
 *
 * @param media the announcement it begins with
 * @param now null: it cannot be seen
 */
export function waitingTimeNow(now: QueueNow | null, media: string, language: Language, nowMs: number): WaitingTimeNow {
  if (!now) return { type: 'silent', why: 'unknown' };
  const { waiting, free, agents, pace } = now;
  const place = waiting + 1;
  if (agents === 0) return { type: 'silent', why: 'nobody-at-work' };
  if (place <= free) return { type: 'silent', why: 'free' };
  if (place > mostPredicted) return { type: 'silent', why: 'too-long' };
  const prediction = pace && predictBy(pace, place, agents, nowMs);
  if (!prediction) return { type: 'silent', why: 'too-little' };
  const wait = wordsFor(prediction);
  return wait
    ? { type: 'said', media: [media, ...sayWait(wait, language)], place, agents }
    : { type: 'silent', why: 'too-long' };
}
