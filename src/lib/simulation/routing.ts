import type { Command } from '#lib/acd/commands.ts';
import type { ConfigurationValue } from '#lib/acd/configuration.ts';
import { createEngine } from '#lib/acd/engine.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import type { CallId, OfferId } from '#lib/acd/ids.ts';
import { createHeap } from './heap.ts';
import type { Random } from './random.ts';

export interface Traffic {
  /** All of the configuration; who is an agent in it comes to work before the first call. */
  values: ConfigurationValue[];
  /** One of these is called, each as often as the others. */
  numbers: string[];
  callsPerSecond: number;
  handleSeconds: number;
  /** null: callers wait for ever. */
  patienceSeconds: number | null;
  /** Calls beyond this many in the system are turned away before the engine; null: none are. */
  places: number | null;
  /** Ends when so many have come. */
  calls: number;
  random: Random;
  /** Told each fact, in order. */
  hear?: (fact: Fact) => void;
}

/** One caller's way: all times in ms. `endedMs` null: turned away. */
export interface Passed {
  waitedMs: number;
  answered: boolean;
  turnedAway: boolean;
}

export interface Batch {
  passed: Passed[];
  /** Agents' time in calls, and the time that passed. */
  busyMs: number;
  durationMs: number;
}

type Next =
  { type: 'arrival' } | { type: 'patience'; callId: CallId } | { type: 'done'; offerId: OfferId; callId: CallId };

/**
 * The real engine on virtual time with a PBX and agents that take no time at all: what is measured is how it shares
 * calls out, and nothing else. Calls come at random (Poisson), handling and patience are exponential. Gives the calls in
 * batches of `batchCalls`, by when they came.
 */
export function route(traffic: Traffic, batchCalls: number): Batch[] {
  const { random } = traffic;
  const engine = createEngine();
  const heap = createHeap<Next>();
  const exponential = (meanMs: number) => -meanMs * Math.log(1 - random.next());
  const batches: Batch[] = [];
  const waiting = new Map<CallId, { batch: Batch; sinceMs: number }>();
  const deadlines = new Map<string, number>();
  let nowMs = 0;
  let made = 0;
  let inSystem = 0;
  let busy = 0;
  let arrived = 0;

  function handle(event: EngineEvent): void {
    const todo: EngineEvent[] = [event];
    for (let next = todo.shift(); next; next = todo.shift()) {
      made += 1;
      const { commands, facts } = engine.handle({ nowMs, eventId: String(made), event: next });
      if (traffic.hear) facts.forEach(traffic.hear);
      for (const command of commands) react(command, todo);
    }
  }

  /** The PBX carries everything out at once, and every agent answers at once. */
  function react(command: Command, todo: EngineEvent[]): void {
    switch (command.type) {
      case 'schedule-deadline':
        return void deadlines.set(command.key, command.atMs);
      case 'cancel-deadline':
        return void deadlines.delete(command.key);
      case 'reply':
        if (!command.ok) throw new Error(`an agent could not begin: ${command.code}`);
        return;
      case 'ring':
        todo.push({ type: 'offer-answered', offerId: command.offerId });
        break;
      case 'connect': {
        const { callId, offerId } = command;
        const call = waiting.get(callId);
        if (!call) throw new Error(`a caller was connected who does not wait: ${callId}`);
        waiting.delete(callId);
        call.batch.passed.push({ waitedMs: nowMs - call.sinceMs, answered: true, turnedAway: false });
        busy += 1;
        heap.push(nowMs + exponential(traffic.handleSeconds * 1_000), { type: 'done', offerId, callId });
        break;
      }
      case 'hang-up-call':
        todo.push({ type: 'call-ended', callId: command.callId, cause: 'hung-up' });
        break;
      default:
        break;
    }
    todo.push({ type: 'command-done', commandId: command.commandId });
  }

  for (const value of traffic.values) {
    handle({ type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
    if (value.type === 'agent')
      handle({ type: 'reachability-changed', deviceId: value.deviceId, reachable: true, reason: 'registered' });
  }
  const devices = traffic.values.flatMap((value) =>
    value.type === 'agent' ? [{ deviceId: value.deviceId, reachable: true }] : []
  );
  handle({ type: 'reconciled', snapshot: { calls: [], offers: [], forwards: [], connected: [], devices } });
  for (const value of traffic.values)
    if (value.type === 'agent')
      handle({
        type: 'click',
        commandId: `shift-${value.id}`,
        agentId: value.id,
        click: { type: 'start-shift', deviceId: value.deviceId }
      });

  heap.push(exponential(1_000 / traffic.callsPerSecond), { type: 'arrival' });
  for (let next = heap.pop(); next; next = heap.pop()) {
    const passedMs = next.atMs - nowMs;
    const current = batches.at(-1);
    if (current && arrived <= traffic.calls) {
      current.busyMs += busy * passedMs;
      current.durationMs += passedMs;
    }
    nowMs = next.atMs;
    const { what } = next;
    if (what.type === 'done') {
      busy -= 1;
      inSystem -= 1;
      handle({ type: 'offer-ended', offerId: what.offerId, cause: 'hung-up' });
    } else if (what.type === 'patience') {
      const call = waiting.get(what.callId);
      if (!call) continue;
      waiting.delete(what.callId);
      inSystem -= 1;
      call.batch.passed.push({ waitedMs: nowMs - call.sinceMs, answered: false, turnedAway: false });
      handle({ type: 'call-ended', callId: what.callId, cause: 'hung-up' });
    } else {
      if (arrived % batchCalls === 0 && arrived < traffic.calls) batches.push({ passed: [], busyMs: 0, durationMs: 0 });
      arrived += 1;
      if (arrived > traffic.calls) continue;
      arrive();
      heap.push(nowMs + exponential(1_000 / traffic.callsPerSecond), { type: 'arrival' });
    }
  }
  return batches;

  function arrive(): void {
    const batch = batches.at(-1)!;
    if (traffic.places !== null && inSystem >= traffic.places) {
      batch.passed.push({ waitedMs: 0, answered: false, turnedAway: true });
      return;
    }
    inSystem += 1;
    const callId = id.call(`c${arrived}`);
    waiting.set(callId, { batch, sinceMs: nowMs });
    const dialled = random.pick(traffic.numbers);
    handle({ type: 'call-arrived', callId, dialled, caller: { token: null, withheld: true } });
    if (traffic.patienceSeconds !== null && waiting.has(callId))
      heap.push(nowMs + exponential(traffic.patienceSeconds * 1_000), { type: 'patience', callId });
  }
}
