import { expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { createOwnFacts } from './own-facts.ts';

/** Only what decides whose a fact is. */
const fact = (type: Fact['type'], atMs: number, more: object) => ({ v: 1, type, atMs, ...more }) as unknown as Fact;

test('a call’s facts are those of it, its visits and its offers, and what these led to', () => {
  const own = createOwnFacts('c1');
  const mine = { callId: 'c1', visitId: 'v1' };
  const told: [Fact, boolean][] = [
    [fact('call-arrived', 1, { callId: 'c1' }), true],
    [fact('call-arrived', 1, { callId: 'c2' }), false],
    [fact('visit-entered', 2, mine), true],
    [fact('offered', 3, { ...mine, offerId: 'o1', agentId: 'anna' }), true],
    [fact('agent-state', 3, { agentId: 'anna', visitId: 'v1' }), true],
    [fact('offer-ringing', 4, { offerId: 'o1', visitId: 'v1', agentId: 'anna' }), true],
    [fact('offer-ended', 5, { offerId: 'o1', visitId: 'v1', agentId: 'anna', outcome: 'missed' }), true],
    [fact('login-changed', 5, { agentId: 'anna', by: 'unanswered' }), true],
    [fact('last-agent-logged-out', 5, { agentId: 'anna' }), true],
    [fact('login-changed', 5, { agentId: 'bo', by: 'unanswered' }), false],
    [fact('login-changed', 9, { agentId: 'anna', by: 'unanswered' }), false],
    [fact('corrected', 6, { code: 'offer-never-gone', subject: 'o1' }), true],
    [fact('corrected', 6, { code: 'offer-never-gone', subject: 'o2' }), false],
    [fact('offered', 7, { ...mine, offerId: 'o3', agentId: 'bo' }), true],
    [fact('talk-started', 8, { ...mine, offerId: 'o3', agentId: 'bo' }), true],
    [fact('talk-ended', 9, { ...mine, offerId: 'o3', agentId: 'bo' }), true],
    [fact('call-finished', 9, { callId: 'c1' }), true],
    [fact('wrap-up-started', 9, { agentId: 'cia' }), false],
    [fact('wrap-up-started', 10, { agentId: 'bo' }), true]
  ];
  for (const [one, expected] of told) expect(own.takes(one), JSON.stringify(one)).toBe(expected);
  expect(own.goesOn()).toBe(true);
  expect(own.takes(fact('wrap-up-ended', 20, { agentId: 'bo' }))).toBe(true);
  expect(own.goesOn()).toBe(false);
  // The next one is of another call.
  expect(own.takes(fact('offered', 21, { callId: 'c2', visitId: 'v2', offerId: 'o4', agentId: 'bo' }))).toBe(false);
  expect(own.takes(fact('wrap-up-started', 22, { agentId: 'bo' }))).toBe(false);
});
