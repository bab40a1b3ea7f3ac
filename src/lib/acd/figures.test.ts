import { expect, test } from 'vitest';
import type { Fact, FactBody } from './facts.ts';
import {
  agentFigures,
  beginInterval,
  createFigures,
  fold,
  queueFigures,
  serviceLevel,
  setTargets,
  waitingNow
} from './figures.ts';
import { id } from './ids.ts';
import type { QueueValue } from './configuration.ts';

const organizationId = id.organization('org');
const queueId = id.queue('q');
const agentId = id.agent('a');

function figures() {
  const made = createFigures();
  setTargets(made, { id: queueId, serviceLevelSeconds: 20, shortAbandonSeconds: 5 } as QueueValue);
  const add = (atMs: number, body: FactBody) => fold(made, { v: 1, atMs, organizationId, ...body } satisfies Fact);
  return {
    made,
    add,
    enter: (visit: string, atMs: number) =>
      add(atMs, {
        type: 'visit-entered',
        visitId: id.visit(visit),
        callId: id.call(visit),
        queueId,
        caller: null,
        withheld: true,
        queuedAtMs: atMs,
        creditSeconds: 0,
        strict: false,
        because: 'call'
      }),
    end: (visit: string, outcome: Extract<FactBody, { type: 'visit-ended' }>['outcome'], waitedMs: number) =>
      add(0, {
        type: 'visit-ended',
        visitId: id.visit(visit),
        callId: id.call(visit),
        queueId,
        outcome,
        waitedMs,
        agentId: null
      })
  };
}

test('service level: answered in time ÷ (visits − short abandons), to one decimal', () => {
  const { made, enter, end } = figures();
  expect(serviceLevel(made, queueId, 0)).toBeNull();
  for (const visit of ['a', 'b', 'c', 'd', 'e', 'f']) enter(visit, 0);
  end('a', 'answered', 20_000);
  end('b', 'answered', 20_001);
  end('c', 'abandoned', 4_999); // short: left out
  end('d', 'abandoned', 5_000);
  end('e', 'forwarded', 10_000); // before T: left out
  end('f', 'moved', 21_000); // after T: against
  expect(serviceLevel(made, queueId, 0)).toBe(25);
  expect(queueFigures(made, queueId)).toMatchObject({ entered: 6, answered: 2, abandoned: 2 });
});

test('one who waits counts against it the moment their time is past', () => {
  const { made, enter, end } = figures();
  enter('a', 0);
  end('a', 'answered', 1_000);
  enter('b', 10_000);
  expect(serviceLevel(made, queueId, 30_000)).toBe(100);
  expect(serviceLevel(made, queueId, 30_001)).toBe(50);
});

test('waiting and longest, over midnight too: who waits then counts in the new day', () => {
  const { made, enter, end } = figures();
  enter('a', 5_000);
  enter('b', 3_000);
  expect(waitingNow(made, queueId)).toEqual({ waiting: 2, longestSinceMs: 3_000 });
  end('b', 'answered', 1_000);
  beginInterval(made);
  expect(waitingNow(made, queueId)).toEqual({ waiting: 1, longestSinceMs: 5_000 });
  end('a', 'abandoned', 60_000);
  expect(queueFigures(made, queueId)).toMatchObject({ entered: 1, answered: 0, abandoned: 1, serviceLevelSeconds: 20 });
  expect(waitingNow(made, queueId)).toEqual({ waiting: 0, longestSinceMs: null });
});

test("an agent's day", () => {
  const { made, add } = figures();
  const offer = { offerId: id.offer('o'), visitId: id.visit('v'), queueId, agentId };
  const call = { ...offer, callId: id.call('c') };
  for (const outcome of ['missed', 'declined', 'failed', 'withdrawn', 'accepted'] as const)
    add(0, { type: 'offer-ended', ...offer, outcome, cause: null, unansweredInRow: 0 });
  add(1_000, { type: 'talk-started', ...call, sinceMs: 1_000 });
  add(61_000, { type: 'talk-ended', ...call, talkedMs: 60_000, endedBy: 'caller', lost: false });
  add(61_000, { type: 'wrap-up-started', agentId, queueId, untilMs: 71_000 });
  add(65_000, { type: 'wrap-up-ended', agentId, by: 'agent' });
  expect(agentFigures(made, agentId)).toEqual({ answered: 1, missed: 1, declined: 1, talkMs: 60_000, wrapUpMs: 4_000 });
});
