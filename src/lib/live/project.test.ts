import { beforeEach, describe, expect, test } from 'vitest';
import type { ConfigurationValue } from '#lib/acd/configuration.ts';
import { createEngine } from '#lib/acd/engine.ts';
import type { Engine } from '#lib/acd/engine.ts';
import type { Click, EngineEvent } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { plainAgent, plainMember, plainNumber, plainOrganization, plainQueue } from '#lib/simulation/values.ts';
import { id } from '#lib/acd/ids.ts';
import { save } from '#lib/acd/state.ts';
import { createView, foldView, loadView, saveView, type View } from './checkpoint.ts';
import { createDay } from './day.ts';
import { createProjection, readState } from './project.ts';
import type { Projection } from './project.ts';

const organizationId = id.organization('org');
const deviceId = id.device('device-anna');
const anna = id.agent('anna');
const lookup = (token: string) => (token === 't1' ? { number: '+46701234567', name: 'Maria Ek' } : null);

let engine: Engine;
let projection: Projection;
let view: View;
let facts: Fact[];
let nowMs: number;
let lastOffer: string;

function tell(event: EngineEvent): void {
  const handled = engine.handle({ nowMs, eventId: String(facts.length + nowMs), event });
  for (const command of handled.commands) if (command.type === 'ring') lastOffer = command.offerId;
  facts.push(...handled.facts);
  projection.apply(handled.facts);
  for (const fact of handled.facts) foldView(view, fact);
  for (const command of handled.commands)
    if (command.type === 'connect') tell({ type: 'command-done', commandId: command.commandId });
  expect(projection.live).toEqual(readState(engine.state, organizationId));
  // Facts alone, without the state, come to the same.
  expect(view.live).toEqual(projection.live);
}

const click = (one: Click) => tell({ type: 'click', commandId: 'k', agentId: anna, click: one });
const arrive = (call: string, token: string | null = call) =>
  tell({
    type: 'call-arrived',
    callId: id.call(call),
    dialled: '+4650',
    caller: { token: token === null ? null : id.caller(token), withheld: token === null }
  });

function configure(value: ConfigurationValue, removed = false, version = 1): void {
  tell({ type: 'configuration-changed', entity: value.type, id: value.id, version, value: removed ? null : value });
}
const agent = plainAgent(anna, { organizationId, name: 'Anna Berg', deviceId });

beforeEach(() => {
  engine = createEngine();
  facts = [];
  nowMs = 1_000;
  projection = createProjection({ organizationId, entities: [], day: createDay('UTC', nowMs) });
  view = createView('UTC', nowMs);
  tell({
    type: 'reconciled',
    snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [{ deviceId, reachable: true }] }
  });
  configure(queue);
  configure(plainNumber('+4650', 'q', { organizationId }));
  configure(agent);
  configure(plainMember('q', anna, { organizationId }));
});

describe('what a wallboard and a desk show', () => {
  test('nobody logged in and one waiting: an alarm', () => {
    arrive('t1');
    nowMs = 70_000;
    const view = projection.wallboard(null, nowMs);
    expect(view.queues[0]).toMatchObject({
      waiting: 1,
      longestSinceMs: 1_000,
      loggedIn: 0,
      free: 0,
      serviceLevelPercent: 0
    });
    expect(view.alarms).toEqual([
      { code: 'waiting-too-long', level: 'warn', queueName: 'Support', sinceMs: 1_000 },
      { code: 'nobody-logged-in', level: 'bad', queueName: 'Support', sinceMs: 1_000 }
    ]);
    expect(view.agents[0]).toMatchObject({ name: 'Anna Berg', state: 'logged-out' });
  });

  test('P18: the last agent logged out for unanswered calls is named in an alarm, until somebody logs in', () => {
    click({ type: 'start-shift', deviceId });
    for (let n = 0; n < 3; n += 1) {
      nowMs += 60_000;
      arrive(`t${n}`);
      const [offer] = engine.state.offer.values();
      tell({ type: 'offer-ringing', offerId: offer!.id });
      tell({ type: 'offer-ended', offerId: offer!.id, cause: 'declined' });
      tell({ type: 'call-ended', callId: id.call(`t${n}`), cause: 'hung-up' });
    }
    expect(projection.wallboard(null, nowMs).alarms).toEqual([
      { code: 'last-agent-logged-out', level: 'bad', queueName: 'Support', sinceMs: null }
    ]);
    expect(projection.wallboard(null, nowMs).queues[0]?.lastLoggedOut).toBe('Anna Berg');
    click({ type: 'log-in', queueIds: 'all' });
    expect(projection.wallboard(null, nowMs).alarms).toEqual([]);
  });

  test('a ring that begins anew after a restart shows its new time', () => {
    click({ type: 'start-shift', deviceId });
    arrive('t1');
    tell({ type: 'disconnected' });
    nowMs = 3_000;
    const caller = { token: id.caller('t1'), withheld: false };
    const seen = { callId: id.call('t1'), dialled: '+4650', caller, answered: true, tag: null, playing: null };
    tell({
      type: 'reconciled',
      snapshot: { calls: [seen], offers: [], forwards: [], connected: [], devices: [{ deviceId, reachable: true }] }
    });
    expect(projection.desk(anna, nowMs, lookup)?.offer?.ringUntilMs).toBe(23_000);
  });

  test('an offer with the caller, then the call, then wrap-up, then the figures of it', () => {
    click({ type: 'start-shift', deviceId });
    expect(projection.wallboard(null, nowMs).queues[0]).toMatchObject({ loggedIn: 1, free: 1, agentStates: ['free'] });
    nowMs = 5_000;
    arrive('t1');
    const offered = projection.desk(anna, nowMs, lookup);
    const caller = { number: '+46701234567', name: 'Maria Ek', withheld: false };
    expect(offered).toMatchObject({
      state: 'offered',
      call: null,
      offer: { caller, queueName: 'Support', queuedAtMs: 5_000 }
    });
    expect(projection.wallboard(null, nowMs).queues[0]).toMatchObject({ waiting: 1, free: 0 });

    nowMs = 8_000;
    tell({ type: 'offer-answered', offerId: id.offer(lastOffer) });
    expect(projection.desk(anna, nowMs, lookup)).toMatchObject({
      state: 'on-call',
      offer: null,
      call: { talkSinceMs: 8_000 }
    });
    expect(projection.wallboard(null, nowMs)).toMatchObject({
      queues: [{ waiting: 0, talking: 1, answeredToday: 1, serviceLevelPercent: 100 }],
      agents: [{ state: 'on-call', queueName: 'Support', callId: 't1' }]
    });
    tell({ type: 'hold-changed', offerId: id.offer(lastOffer), held: true });
    expect(projection.desk(anna, nowMs, lookup)?.call?.held).toBe(true);

    nowMs = 68_000;
    tell({ type: 'offer-ended', offerId: id.offer(lastOffer), cause: 'hung-up' });
    nowMs = 70_000;
    const after = projection.desk(anna, nowMs, lookup);
    expect(after).toMatchObject({ state: 'wrap-up', call: null, wrapUp: { startedAtMs: 68_000, untilMs: 78_000 } });
    expect(after?.today).toEqual({ answered: 1, missed: 0, declined: 0, talkMs: 60_000, wrapUpMs: 2_000 });
    expect(after?.recent).toEqual([
      { callId: 't1', atMs: 68_000, caller, queueName: 'Support', outcome: 'answered', talkMs: 60_000 }
    ]);
    expect(projection.wallboard(null, nowMs).queues[0]).toMatchObject({ talking: 0, wrapUp: 1 });
  });

  test('a withheld number shows none, an erased person neither', () => {
    click({ type: 'start-shift', deviceId });
    arrive('c1', null);
    expect(projection.desk(anna, nowMs, lookup)?.offer?.caller).toEqual({ number: null, name: null, withheld: true });
    tell({ type: 'call-ended', callId: id.call('c1'), cause: 'hung-up' });
    tell({ type: 'offer-ended', offerId: id.offer(lastOffer), cause: 'cancelled' });
    arrive('c2', 'erased');
    expect(projection.desk(anna, nowMs, lookup)?.offer?.caller).toEqual({ number: null, name: null, withheld: false });
  });

  test('a decline counts for the agent, and is among the latest', () => {
    click({ type: 'start-shift', deviceId });
    arrive('t1');
    click({ type: 'decline', offerId: id.offer(lastOffer) });
    const desk = projection.desk(anna, nowMs, lookup);
    expect(desk?.today.declined).toBe(1);
    expect(desk?.recent[0]).toMatchObject({ outcome: 'declined', talkMs: null, caller: { name: 'Maria Ek' } });
  });

  test('one sees the queues one may see, and their members', () => {
    expect(projection.wallboard(new Set(), nowMs)).toEqual({ queues: [], agents: [], alarms: [] });
    expect(projection.wallboard(new Set(['q']), nowMs).agents).toHaveLength(1);
    expect(projection.desk(id.agent('nobody'), nowMs, lookup)).toBeNull();
  });

  test('P12: the reasons for a pause, and when one is over its limit; nothing of it after a resume', () => {
    const lunch = { id: 'r1', name: 'Lunch', minutes: 45 };
    configure(plainOrganization({ pauseReasons: [lunch] }));
    click({ type: 'start-shift', deviceId });
    const desk = () => projection.desk(anna, nowMs, lookup);
    const shown = () => projection.wallboard(null, nowMs).agents[0];
    expect(desk()).toMatchObject({ pauseReasons: [lunch], pausedUntilMs: null });
    click({ type: 'pause', reason: null, reasonId: 'r1' });
    const pausedUntilMs = nowMs + 45 * 60_000;
    expect(desk()).toMatchObject({ state: 'paused', reason: 'Lunch', pausedUntilMs });
    expect(shown()).toMatchObject({ state: 'paused', reason: 'Lunch', pausedUntilMs });
    click({ type: 'resume' });
    expect(desk()).toMatchObject({ state: 'free', reason: null, pausedUntilMs: null });
    expect(shown()).toMatchObject({ pausedUntilMs: null });
  });

  test('removed members, queues and agents leave the views', () => {
    click({ type: 'start-shift', deviceId });
    configure(agent, true, 2);
    expect(projection.wallboard(null, nowMs)).toMatchObject({ queues: [{ loggedIn: 0 }], agents: [] });
    configure(queue, true, 2);
    expect(projection.wallboard(null, nowMs).queues).toEqual([]);
  });
});

test('a projection made from the state and the facts of the day goes on as if it had folded them all', () => {
  click({ type: 'start-shift', deviceId });
  arrive('t1');
  tell({ type: 'offer-answered', offerId: id.offer(lastOffer) });
  nowMs = 30_000;
  arrive('c2');
  // The day of a checkpoint, taken in the middle of it all and read back, and the facts after it.
  const half = createView('UTC', 1_000);
  for (const fact of facts.slice(0, facts.length / 2)) foldView(half, fact);
  const read = loadView(saveView(half));
  if (!read) throw new Error('not of this version');
  expect(read).toEqual(half);
  for (const fact of facts.slice(facts.length / 2)) foldView(read, fact);
  expect(read).toEqual(view);
  const late = createProjection({ organizationId, entities: save(engine.state), day: read.day });
  expect(late.wallboard(null, nowMs)).toEqual(projection.wallboard(null, nowMs));
  expect(late.desk(anna, nowMs, lookup)).toEqual(projection.desk(anna, nowMs, lookup));
  // Without the day's facts, all that is live is there all the same.
  const blind = createProjection({ organizationId, entities: save(engine.state), day: createDay('UTC', nowMs) });
  expect(blind.live).toEqual(projection.live);
  expect(blind.wallboard(null, nowMs).queues[0]).toMatchObject({ waiting: 1, talking: 1, answeredToday: 0 });
});

test('at midnight the figures begin anew and who waits waits on', () => {
  arrive('t1');
  tell({ type: 'call-ended', callId: id.call('t1'), cause: 'hung-up' });
  arrive('c2');
  projection.turnDay(24 * 3_600_000);
  expect(projection.wallboard(null, nowMs).queues[0]).toMatchObject({ waiting: 1, abandonedToday: 0 });
});

const queue = plainQueue('q', { organizationId, name: 'Support' });
