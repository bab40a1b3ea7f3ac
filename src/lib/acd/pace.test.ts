import { describe, expect, test } from 'vitest';
import type { Command } from './commands.ts';
import { createEngine } from './engine.ts';
import type { EngineEvent } from './events.ts';
import type { Fact } from './facts.ts';
import { id } from './ids.ts';
import { leastCalls } from './pace.ts';
import { load, save } from './state.ts';
import type { Pace } from './state.ts';
import { encodeTag } from './tag.ts';
import { organizationId, plainAgent, plainMember, plainNumber, plainQueue } from '#lib/simulation/values.ts';

const queueId = id.queue('support');
const setting = (media: string) => ({ media, mustBeHeard: false });

/** One agent, and calls that each take a minute and a half of them. */
function createWorld() {
  let engine = createEngine();
  let made = 0;
  let nowMs = 0;
  const facts: Fact[] = [];
  const agent = plainAgent('anna');

  function tell(event: EngineEvent): Command[] {
    const handled = engine.handle({ nowMs, eventId: String((made += 1)), event });
    facts.push(...handled.facts);
    for (const command of handled.commands)
      if ('commandId' in command && command.type !== 'connect' && command.type !== 'reply')
        engine.handle({
          nowMs,
          eventId: `d${(made += 1)}`,
          event: { type: 'command-done', commandId: command.commandId }
        });
    return handled.commands;
  }
  for (const value of [
    plainQueue('support', { wrapUpSeconds: 30, waitingTime: setting('waiting-time'), waitingTimeEverySeconds: 30 }),
    plainNumber('+4650', 'support', { language: 'en' }),
    agent,
    plainMember('support', 'anna')
  ])
    tell({ type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
  const device = { deviceId: agent.deviceId, reachable: true };
  tell({ type: 'reconciled', snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [device] } });
  tell({ type: 'click', commandId: 'k', agentId: agent.id, click: { type: 'start-shift', deviceId: agent.deviceId } });
  let called = 0;

  const world = {
    facts,
    pace: () => engine.state.pace.get(queueId),
    setPace: (pace: Pace) => engine.state.pace.set(queueId, pace),
    tell,
    later: (seconds: number) => (nowMs += seconds * 1_000),
    call: () =>
      tell({
        type: 'call-arrived',
        callId: id.call(`c${(called += 1)}`),
        dialled: '+4650',
        caller: { token: null, withheld: true }
      }),
    due: (key: string) => tell({ type: 'deadline', key }),
    playEnds(commands: Command[]) {
      const play = commands.find((command) => command.type === 'play');
      if (!play) throw new Error('nothing plays');
      return tell({ type: 'play-ended', callId: play.callId, playId: play.playId, failed: false });
    },
    /** A call that finds the agent free and is answered: its offer and itself. */
    answered() {
      const ring = world.call().find((command) => command.type === 'ring');
      if (!ring) throw new Error('nobody rings');
      const connect = tell({ type: 'offer-answered', offerId: ring.offerId }).find(({ type }) => type === 'connect');
      if (connect && 'commandId' in connect) tell({ type: 'command-done', commandId: connect.commandId });
      return ring;
    },
    /** One that is over after a minute; then 30 s of wrap-up. */
    served() {
      const { offerId, callId } = world.answered();
      world.later(60);
      tell({ type: 'offer-ended', offerId, cause: 'hung-up' });
      tell({ type: 'call-ended', callId, cause: 'hung-up' });
      world.later(30);
      world.due(`wrap-up:${agent.id}`);
    },
    restart() {
      engine = createEngine(load(save(engine.state)));
    }
  };
  return world;
}

const saidIn = (commands: Command[]) => commands.flatMap((command) => (command.type === 'play' ? command.media : []));

describe('the waiting time (P9, B5)', () => {
  test('is not told before enough calls have been answered', () => {
    const world = createWorld();
    for (let n = 1; n < leastCalls; n += 1) world.served();
    world.call();
    expect(saidIn(world.call())).toEqual([]);
    expect(world.facts.some(({ type }) => type === 'predicted')).toBe(false);
  });

  test('comes from the place and how long calls keep an agent; is said once, then only shorter', () => {
    const world = createWorld();
    for (let n = 0; n < leastCalls; n += 1) world.served();
    expect(world.pace()?.handle).toMatchObject({ count: leastCalls, ms: 90_000 });
    // Rings at the one agent: who comes after is first of those that wait.
    expect(saidIn(world.call())).toEqual([]);
    const second = world.call();
    expect(saidIn(second)[0]).toBe('waiting-time');
    expect(world.facts.find(({ type }) => type === 'predicted')).toMatchObject({
      place: 2,
      agents: 1,
      by: 'handle',
      expectedMs: { pace: null, handle: 180_000, average: 0 }
    });
    world.playEnds(second);
    const told = world.facts.findLast((fact) => fact.type === 'announced');
    expect(told).toMatchObject({ announcement: 'waiting-time', wait: { fromMinutes: 0 } });
    // Half a minute later it would be the same: silence. When the one before has left it is shorter, and is said; also after a restart.
    world.later(30);
    expect(saidIn(world.due('waiting-time:c22'))).toEqual([]);
    world.restart();
    const third = world.call();
    const before = saidIn(third);
    expect(before[0]).toBe('waiting-time');
    world.playEnds(third);
    world.tell({ type: 'call-ended', callId: id.call('c22'), cause: 'hung-up' });
    world.later(30);
    const after = saidIn(world.due('waiting-time:c23'));
    expect(after[0]).toBe('waiting-time');
    expect(after).not.toEqual(before);
  });

  test('what was told last is not made longer by what has become slower', () => {
    const world = createWorld();
    for (let n = 0; n < leastCalls; n += 1) world.served();
    world.call();
    world.playEnds(world.call());
    world.setPace({ ...world.pace()!, handle: { count: 64, ms: 600_000 } });
    world.later(30);
    expect(saidIn(world.due('waiting-time:c22'))).toEqual([]);
  });

  test('is told in the way that erred least on the days before, today not counted', () => {
    const world = createWorld();
    for (let n = 0; n < leastCalls; n += 1) world.served();
    const day = (pace: number, handle: number) => ({ count: 40, squares: { pace, handle, average: 9 } });
    world.setPace({ ...world.pace()!, today: day(1, 2), days: [day(5, 3)] });
    world.tell({ type: 'day-began', organizationId, dayStartMs: 86_400_000 });
    expect(world.pace()).toMatchObject({ used: 'handle', today: { count: 0 }, days: [{ count: 40 }, { count: 40 }] });
    world.setPace({ ...world.pace()!, today: day(0, 1_000) });
    expect(world.pace()?.used).toBe('handle');
    world.tell({ type: 'day-began', organizationId, dayStartMs: 2 * 86_400_000 });
    expect(world.pace()?.used).toBe('pace');
  });

  test('counts the whole of a talk that was found again after the state was lost', () => {
    const world = createWorld();
    const offerId = id.offer('o1');
    const callId = id.call('c1');
    const tag = encodeTag({
      callId,
      visitId: id.visit('v1'),
      organizationId,
      queueId,
      queuedAtMs: 0,
      creditSeconds: 0,
      strict: false,
      language: 'en',
      partnerId: offerId,
      agentId: id.agent('anna'),
      talkSinceMs: 0,
      saidPlace: null,
      saidWait: null
    });
    world.later(60);
    const caller = { token: null, withheld: true };
    const snapshot = {
      calls: [{ callId, dialled: '+4650', caller, answered: true, tag, playing: null }],
      offers: [{ offerId, answered: true }],
      forwards: [],
      connected: [offerId],
      devices: [{ deviceId: plainAgent('anna').deviceId, reachable: true }]
    };
    world.tell({ type: 'reconciled', snapshot });
    world.later(30);
    world.tell({ type: 'offer-ended', offerId, cause: 'hung-up' });
    expect(world.pace()?.handle).toEqual({ count: 1, ms: 120_000 });
  });

  test('is forgotten with its queue, and not begun anew by a call that still ends in it', () => {
    const world = createWorld();
    const { offerId } = world.answered();
    expect(world.pace()).toBeDefined();
    world.tell({ type: 'configuration-changed', entity: 'queue', id: queueId, version: 2, value: null });
    world.tell({ type: 'offer-ended', offerId, cause: 'hung-up' });
    expect(world.pace()).toBeUndefined();
  });
});
