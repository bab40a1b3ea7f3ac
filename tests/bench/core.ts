import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEngine } from '#lib/acd/engine.ts';
import type { Engine } from '#lib/acd/engine.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';
import type { AgentId, CallId, OfferId } from '#lib/acd/ids.ts';
import { createRandom } from '#lib/simulation/random.ts';
import { plainAgent, plainMember, plainNumber, plainQueue } from '#lib/simulation/values.ts';
import type { Bench, Figure } from '../../src/cli/bench.ts';
import { percentile } from './statistics.ts';

/** Ten memberships per agent, two agents' worth of queues: 500 memberships at 100 queues, 50,000 at 10,000. */
const sizes = [100, 1_000, 10_000];
const membershipsPerQueue = 5;
const membershipsPerAgent = 10;
const eventsEach = 40_000;
const waitingEach = 20_000;
const agentsLeast = 5_000;

interface Size {
  queues: number;
  p50Us: number;
  p99Us: number;
  eventsPerSecond: number;
  bytesPerVisit: number;
  bytesPerAgent: number;
}

/**
 * The engine alone, in memory: what an event costs from its coming to the decision, how much a waiting visit and an agent
 * take, and how both grow with queues and memberships that the event has nothing to do with.
 */
const core: Bench = async (note) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // The first run pays for the compiler.
  measure(100, collect);
  const found: Size[] = [];
  for (const queues of sizes) {
    const size = measure(queues, collect);
    found.push(size);
    note(
      `${queues} queues, ${queues * membershipsPerQueue} memberships: p50 ${size.p50Us.toFixed(1)} µs, p99 ${size.p99Us.toFixed(1)} µs, ` +
        `${Math.round(size.eventsPerSecond)} events/s, ${Math.round(size.bytesPerVisit)} bytes a visit, ${Math.round(size.bytesPerAgent)} an agent`
    );
    await Promise.resolve();
  }
  const [least, most] = [found[0]!, found.at(-1)!];
  const figure = (name: string, unit: string, value: number, aim: string, holds: boolean, samples: number): Figure => ({
    name,
    unit,
    value: Math.round(value * 1_000) / 1_000,
    aim,
    holds,
    samples
  });
  const grows = (name: string, of: (size: Size) => number, most2: number) => {
    const ratio = of(most) / of(least);
    return figure(`${name}, 10,000 queues ÷ 100`, '×', ratio, `<= ${most2}`, ratio <= most2, found.length);
  };
  const p99Ms = most.p99Us / 1_000;
  return [
    figure('event → decision, p99, 10,000 queues, 50,000 memberships', 'ms', p99Ms, '<= 1', p99Ms <= 1, eventsEach),
    figure(
      'events, 10,000 queues',
      '/s',
      Math.round(most.eventsPerSecond),
      '>= 1000',
      most.eventsPerSecond >= 1_000,
      eventsEach
    ),
    figure(
      'waiting visit, 10,000 queues',
      'bytes',
      Math.round(most.bytesPerVisit),
      '<= 10000',
      most.bytesPerVisit <= 10_000,
      waitingEach
    ),
    figure(
      'agent with 10 memberships',
      'bytes',
      Math.round(most.bytesPerAgent),
      '<= 20000',
      most.bytesPerAgent <= 20_000,
      most.queues / 2
    ),
    // log 10,000 ÷ log 100 is 2.
    grows('event → decision, p50', ({ p50Us }) => p50Us, 2),
    grows('time of all events', ({ eventsPerSecond }) => 1 / eventsPerSecond, 2),
    grows('bytes per waiting visit', ({ bytesPerVisit }) => bytesPerVisit, 2),
    grows('bytes per agent', ({ bytesPerAgent }) => bytesPerAgent, 2)
  ];
};
export default core;

function measure(queues: number, collect: () => void): Size {
  // Of few agents what the heap grows by is lost in what else it does: so many worlds that they are thousands.
  const worlds = Array.from(
    { length: Math.ceil(agentsLeast / ((queues * membershipsPerQueue) / membershipsPerAgent)) },
    () => createWorld(queues)
  );
  const world = worlds[0]!;
  collect();
  const emptyBytes = process.memoryUsage().heapUsed;
  for (const one of worlds) one.begin();
  collect();
  const agentBytes = (process.memoryUsage().heapUsed - emptyBytes) / worlds.length;
  worlds.length = 0;
  // About two waiting in each queue, so that there is an order to keep.
  world.fill(queues * 2);
  const timesUs = world.traffic(eventsEach);
  collect();
  const beforeBytes = process.memoryUsage().heapUsed;
  world.fill(waitingEach);
  collect();
  const visitBytes = process.memoryUsage().heapUsed - beforeBytes;
  const total = timesUs.reduce((sum, one) => sum + one, 0);
  return {
    queues,
    p50Us: percentile(timesUs, 0.5),
    p99Us: percentile(timesUs, 0.99),
    eventsPerSecond: (timesUs.length / total) * 1_000_000,
    bytesPerVisit: visitBytes / waitingEach,
    bytesPerAgent: agentBytes / world.agents
  };
}

function createWorld(queues: number) {
  const engine: Engine = createEngine();
  const random = createRandom(1);
  const agents = (queues * membershipsPerQueue) / membershipsPerAgent;
  const talking: { offerId: OfferId }[] = [];
  const calls: CallId[] = [];
  let nowMs = 0;
  let made = 0;
  const queueId = (n: number) => `queue${n}`;
  const agentId = (n: number) => `agent${n}`;

  /** Tells one event, with what it asks of the PBX done at once; gives the microseconds of that one event. */
  function tell(event: EngineEvent): number {
    made += 1;
    nowMs += 1;
    const from = performance.now();
    const { commands } = engine.handle({ nowMs, eventId: String(made), event });
    const tookUs = (performance.now() - from) * 1_000;
    for (const command of commands) {
      if (command.type === 'ring') ringing.push(command.offerId);
      if (command.type === 'connect') talking.push({ offerId: command.offerId });
      if ('commandId' in command && command.type !== 'reply') done.push(command.commandId);
      if (command.type === 'hang-up-call') gone.push(command.callId);
    }
    return tookUs;
  }
  const ringing: OfferId[] = [];
  const done: string[] = [];
  const gone: CallId[] = [];

  function arrive(): number {
    const callId = id.call(`c${made}`);
    calls.push(callId);
    const caller = { token: null, withheld: true };
    return tell({ type: 'call-arrived', callId, dialled: `+46${random.between(0, queues - 1)}`, caller });
  }
  function settle(into: number[]): void {
    while (done.length > 0 || gone.length > 0) {
      const commandId = done.pop();
      if (commandId !== undefined) into.push(tell({ type: 'command-done', commandId }));
      const callId = gone.pop();
      if (callId !== undefined) into.push(tell({ type: 'call-ended', callId, cause: 'hung-up' }));
    }
  }

  for (let n = 0; n < queues; n += 1) {
    const queue = plainQueue(queueId(n), {
      distribution: random.pick(['longest-idle', 'fair', 'parallel']),
      parallelAgents: 2
    });
    for (const value of [queue, plainNumber(`+46${n}`, queueId(n))])
      tell({ type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
  }
  tell({ type: 'reconciled', snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [] } });

  return {
    agents,
    begin(): void {
      for (let n = 0; n < agents; n += 1) {
        const agent = plainAgent(agentId(n));
        const own = Array.from({ length: membershipsPerAgent }, (_, k) =>
          plainMember(queueId((n * 2 + k * Math.floor(queues / membershipsPerAgent)) % queues), agentId(n))
        );
        for (const value of [agent, ...own])
          tell({ type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
        tell({ type: 'reachability-changed', deviceId: agent.deviceId, reachable: true, reason: 'registered' });
        tell({
          type: 'click',
          commandId: `k${n}`,
          agentId: agent.id,
          click: { type: 'start-shift', deviceId: agent.deviceId }
        });
      }
    },
    /** Callers that come and wait. */
    fill(count: number): void {
      for (let n = 0; n < count; n += 1) {
        arrive();
        settle([]);
      }
    },
    /** A busy hour: calls come, are answered, end, are given up; agents pause and come back. Microseconds of each event. */
    traffic(count: number): number[] {
      const times: number[] = [];
      while (times.length < count) {
        const what = random.weighted({ arrive: 30, answer: 28, end: 28, leave: 6, pause: 4, resume: 4 });
        if (what === 'arrive') times.push(arrive());
        else if (what === 'answer') {
          const offerId = ringing.shift();
          if (offerId) times.push(tell({ type: 'offer-answered', offerId }));
        } else if (what === 'end') {
          const offer = talking.shift();
          if (offer) times.push(tell({ type: 'offer-ended', offerId: offer.offerId, cause: 'hung-up' }));
        } else if (what === 'leave') {
          const callId = calls.splice(random.between(0, calls.length - 1), 1)[0];
          if (callId) times.push(tell({ type: 'call-ended', callId, cause: 'hung-up' }));
        } else {
          const click = what === 'pause' ? ({ type: 'pause', reason: null } as const) : ({ type: 'resume' } as const);
          const agent: AgentId = id.agent(agentId(random.between(0, agents - 1)));
          times.push(tell({ type: 'click', commandId: `k${made}`, agentId: agent, click }));
        }
        settle(times);
      }
      return times;
    }
  };
}
