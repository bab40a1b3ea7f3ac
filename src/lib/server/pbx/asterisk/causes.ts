import type { LegEnd } from '#lib/acd/events.ts';

/**
 * Why an agent's leg that was never answered is gone. `cause` is Q.850 as Asterisk maps it, `techCause` SIP's own code
 * where there was one. Measured on 22.10: 486 gives 17, 603 gives 21, ring timeout 19 with 480, no contact 20, CANCEL 16 or 26.
 */
export function beforeAnswer(cause: number, techCause: number | null, rang: boolean): LegEnd {
  if (techCause === 603 || techCause === 607) return 'declined';
  if (techCause === 486 || techCause === 600) return 'busy';
  if (techCause === 480 && rang) return 'no-answer';
  if (techCause === 480 || techCause === 404 || techCause === 410 || techCause === 503) return 'unreachable';
  if (techCause === 408) return 'unreachable';
  if (cause === 21) return 'declined';
  if (cause === 17) return 'busy';
  if (cause === 18 || cause === 19) return 'no-answer';
  if (cause === 3 || cause === 20 || cause === 27 || cause === 38) return 'unreachable';
  if (cause === 16 || cause === 26) return 'cancelled';
  return 'failed';
}

/**
 * The network itself refused a call to a mobile, and nobody at it did: the number presented, or the number called, is not
 * to its liking. Asterisk maps it to the same cause as a person's refusal.
 */
export function refusedByNetwork(techCause: number | null): boolean {
  return techCause === 400 || techCause === 403 || techCause === 433 || techCause === 438;
}

/** Why an answered leg is gone: BYE gives 16; the RTP timeout 44; a transport that went, others. */
export function afterAnswer(cause: number): LegEnd {
  return cause === 16 || cause === 0 || cause === 31 ? 'hung-up' : 'lost';
}
