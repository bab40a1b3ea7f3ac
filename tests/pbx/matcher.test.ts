import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestInvitation } from '../support/softphone.ts';
import { createWorld, type TestAgent, type TestQueue, type World } from '../support/world.ts';

/** Who gets which call, on real Asterisk (P14, P18, B1; the matcher's rules). */
let world: World;
/** Two who wait from the start on, for the test at the end. */
let keeping: Awaited<ReturnType<typeof beginWaiting>>;
beforeAll(async () => {
  world = await createWorld();
  keeping = await beginWaiting('+46701555001');
});
afterAll(() => world.close());

const offersIn = (queue: TestQueue) =>
  world.facts().filter((fact) => fact.type === 'offered' && fact.queueId === queue.id);
const free = (agent: TestAgent, after: number) =>
  world.fact(
    'agent-state',
    (fact) => fact.agentId === agent.userId && fact.state === 'free' && world.facts().indexOf(fact) >= after
  );

async function beginWaiting(from: string) {
  const queue = await world.queue({
    keepPlaceSeconds: 60,
    repeated: { media: 'repeated', mustBeHeard: false },
    repeatEverySeconds: 30
  });
  const first = await world.call(queue, { from });
  const entered = await world.fact('visit-entered', ({ queueId }) => queueId === queue.id);
  return { queue, from, first, entered, other: await world.call(queue) };
}

/** Agents at work with their phones, in the order in which they became idle. */
async function team(names: string[], queues: TestQueue[]) {
  const agents = [];
  for (const name of names) {
    const agent = await world.agent(name, queues);
    agents.push({ agent, phone: await agent.start() });
  }
  return agents;
}

describe('parallel X', () => {
  test('B1: rings exactly X in order; who does not get it is told answered elsewhere, and has missed nothing', async () => {
    const queue = await world.queue({ distribution: 'parallel', parallelAgents: 3 });
    const all = await team(['Pa Ett', 'Pa Två', 'Pa Tre', 'Pa Fyra'], [queue]);
    const call = await world.call(queue);
    const rung = await Promise.all(all.slice(0, 3).map(({ phone }) => phone.invitation()));
    await rung[1]?.answer();
    const talk = await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    expect(talk.agentId).toBe(all[1]?.agent.userId);
    for (const lost of [rung[0], rung[2]]) {
      expect(await lost?.cancelReason).toContain('cause=200');
      const ended = await world.fact('offer-ended', ({ offerId }) => offerId === lost?.offerId);
      expect(ended).toMatchObject({ outcome: 'withdrawn', unansweredInRow: 0 });
    }
    expect(offersIn(queue).map((fact) => 'agentId' in fact && fact.agentId)).toEqual(
      all.slice(0, 3).map(({ agent }) => agent.userId)
    );
    await call.hangUp();
  });

  test('two who answer at the same instant: one talks, the other is free again with no dead line', async () => {
    const queue = await world.queue({ distribution: 'parallel', parallelAgents: 2 });
    const all = await team(['Pb Ett', 'Pb Två'], [queue]);
    const call = await world.call(queue);
    const rung = await Promise.all(all.map(({ phone }) => phone.invitation()));
    await Promise.allSettled(rung.map((one) => one.answer()));
    const talk = await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    const loser = all.findIndex(({ agent }) => agent.userId !== talk.agentId);
    await rung[loser]?.ended;
    const offered = world.facts().findIndex((fact) => fact.type === 'offered' && fact.queueId === queue.id);
    await free(all[loser]!.agent, offered);
    expect(world.facts().filter((fact) => fact.type === 'talk-started' && fact.queueId === queue.id)).toHaveLength(1);
    await call.hangUp();
  });

  test('a decline is replaced at once', async () => {
    const queue = await world.queue({ distribution: 'parallel', parallelAgents: 2 });
    const [first, second, third] = await team(['Pc Ett', 'Pc Två', 'Pc Tre'], [queue]);
    const call = await world.call(queue);
    const ringing = await first!.phone.invitation();
    await (await second!.phone.invitation()).reject(603);
    await (await third!.phone.invitation()).answer();
    const talk = await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    expect(talk.agentId).toBe(third?.agent.userId);
    expect(await ringing.cancelReason).toContain('cause=200');
    await call.hangUp();
  });
});

describe('who is next', () => {
  test('rule 3: strict first, then by waiting time and credit, over all queues of the agent', async () => {
    const plain = await world.queue();
    const credit = await world.queue({ creditSeconds: 600 });
    const strict = await world.queue({ strict: true });
    const calls = [];
    for (const [queue, from] of [
      [plain, '+46701000001'],
      [plain, '+46701000002'],
      [credit, '+46701000003'],
      [strict, '+46701000004']
    ] as const) {
      calls.push(await world.call(queue, { from }));
      const before = calls.length;
      await world.fact(
        'visit-entered',
        (fact) => fact.queueId === queue.id && entered(queue) >= (queue === plain ? before : 1)
      );
    }
    const [one] = await team(['Pd Ett'], [plain, credit, strict]);
    const order: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const invitation = await one!.phone.invitation();
      order.push(invitation.caller);
      await invitation.answer();
      await world.fact('talk-started', ({ offerId }) => offerId === invitation.offerId);
      await invitation.hangUp();
    }
    expect(order).toEqual(['+46701000004', '+46701000003', '+46701000001', '+46701000002']);
    await Promise.all(calls.map((call) => call.hangUp()));
  });

  const entered = (queue: TestQueue) =>
    world.facts().filter((fact) => fact.type === 'visit-entered' && fact.queueId === queue.id).length;

  test('a paused agent is passed over; with all paused nobody rings, and the record says so; a resume rings at once', async () => {
    const queue = await world.queue();
    const [first, second] = await team(['Pe Ett', 'Pe Två'], [queue]);
    await first!.agent.click({ type: 'pause', reason: 'lunch' });
    const one = await world.call(queue);
    const taken = await second!.phone.invitation();
    await taken.answer();
    await world.fact('talk-started', ({ offerId }) => offerId === taken.offerId);
    await one.hangUp();
    await taken.ended;
    await second!.agent.click({ type: 'pause', reason: null });
    const two = await world.call(queue);
    const waits = await world.fact('waits', ({ queueId }) => queueId === queue.id);
    expect(waits.able).toMatchObject({ paused: 2, free: 0 });
    await first!.agent.click({ type: 'resume' });
    await (await first!.phone.invitation()).answer();
    await two.hangUp();
  });

  test('a member who is taken out of the queue while it rings stops ringing, and the next one rings', async () => {
    const queue = await world.queue();
    const [first, second] = await team(['Pf Ett', 'Pf Två'], [queue]);
    const call = await world.call(queue);
    const taken = await first!.phone.invitation();
    await world.leave(first!.agent, queue);
    await taken.ended;
    await (await second!.phone.invitation()).answer();
    const talk = await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    expect(talk.agentId).toBe(second?.agent.userId);
    await call.hangUp();
  });

  test.each([
    ['Pg', 'sip:+46701999999@127.0.0.1'],
    ['Ph', 'sip:nobody@nowhere.invalid']
  ])(
    '%s: a device that forwards (302) to %s sends no caller anywhere: the next agent rings',
    async (initials, target) => {
      const queue = await world.queue();
      const [first, second] = await team([`${initials} Ett`, `${initials} Två`], [queue]);
      const call = await world.call(queue);
      const forwarded: TestInvitation = await first!.phone.invitation();
      await forwarded.reject(302, target);
      const ended = await world.fact('offer-ended', ({ offerId }) => offerId === forwarded.offerId);
      expect(ended.outcome).not.toBe('accepted');
      await (await second!.phone.invitation()).answer();
      await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
      await call.hangUp();
    }
  );
});

describe('skills (P15)', () => {
  test('who knows too little is not rung, and the record says so; a step of less need rings them', async () => {
    const queue = await world.queue();
    const [novice] = await team(['Pi Ett'], [queue]);
    const skillId = await world.skill([[novice!.agent, 3]]);
    await world.change(queue, {
      needs: [
        { afterSeconds: 0, skills: [{ skillId, level: 9 }] },
        { afterSeconds: 3, skills: [{ skillId, level: 2 }] }
      ]
    });
    const call = await world.call(queue);
    const waits = await world.fact('waits', ({ queueId }) => queueId === queue.id);
    expect(waits).toMatchObject({ unskilled: 1, needs: [{ skillId, level: 9 }] });
    const invitation = await novice!.phone.invitation(6_000);
    const relaxed = await world.fact(
      'needs-changed',
      (fact) => fact.queueId === queue.id && fact.needs[0]?.level === 2
    );
    expect(relaxed.waitedMs).toBeGreaterThanOrEqual(3_000);
    await invitation.answer();
    await call.hangUp();
  });

  test('the best of those who know enough goes first where the queue wants it, before longest idle', async () => {
    const queue = await world.queue();
    const [idlest, best] = await team(['Pj Ett', 'Pj Två'], [queue]);
    const skillId = await world.skill([
      [idlest!.agent, 4],
      [best!.agent, 8]
    ]);
    await world.change(queue, { needs: [{ afterSeconds: 0, skills: [{ skillId, level: 2 }] }], bestSkillFirst: true });
    const call = await world.call(queue);
    await (await best!.phone.invitation()).answer();
    const talk = await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    expect(talk.agentId).toBe(best?.agent.userId);
    await call.hangUp();
  });
});

test('P17: wrap-up is the queue’s, or the member’s own there; it holds for all queues of the agent', async () => {
  const long = await world.queue({ wrapUpSeconds: 30 });
  const short = await world.queue({ wrapUpSeconds: 2 });
  const [one] = await team(['Pk Ett'], [short]);
  await world.join(one!.agent, long, { wrapUpSeconds: 3 });
  for (const [queue, seconds] of [
    [short, 2],
    [long, 3]
  ] as const) {
    const call = await world.call(queue);
    const invitation = await one!.phone.invitation(6_000);
    await invitation.answer();
    await world.fact('talk-started', ({ queueId }) => queueId === queue.id);
    await call.hangUp();
    const wrapUp = await world.fact('wrap-up-started', ({ queueId }) => queueId === queue.id);
    expect(wrapUp.untilMs - wrapUp.atMs).toBe(seconds * 1_000);
    // A call of the other queue waits for its end, too.
    const next = await world.call(queue === short ? long : short);
    const waits = await world.fact('waits', (fact) => fact.atMs >= wrapUp.atMs && fact.able['wrap-up'] === 1);
    expect(waits.able.free).toBe(0);
    await next.hangUp();
    await world.fact('wrap-up-ended', (fact) => fact.agentId === one?.agent.userId && fact.atMs >= wrapUp.untilMs);
  }
});

test('B11: who hangs up after 30 s and rings again has the place they had', async () => {
  const { queue, first, other, entered } = keeping;
  // The other tests took most of it: they have waited long enough when they have heard this.
  await world.fact('announced', ({ visitId }) => visitId === entered.visitId, 40_000);
  await first.hangUp();
  await world.fact('place-kept', ({ visitId }) => visitId === entered.visitId);
  const again = await world.call(queue, { from: keeping.from });
  const taken = await world.fact('place-taken', ({ queueId }) => queueId === queue.id);
  expect(taken.caller).toBe(entered.caller);
  const [agent] = await team(['Pl Ett'], [queue]);
  expect((await agent!.phone.invitation()).caller).toBe(keeping.from);
  await again.hangUp();
  await other.hangUp();
}, 60_000);
