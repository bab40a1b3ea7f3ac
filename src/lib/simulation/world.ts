import type {
  AgentValue,
  ClosingSettings,
  ConfigurationValue,
  MemberValue,
  NeedStep,
  QueueValue,
  TemporaryValue
} from '#lib/acd/configuration.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';
import type { Random } from './random.ts';
import { organizationId, plainAgent, plainMember, plainNumber, plainOrganization, plainQueue } from './values.ts';

/** A made-up organization: what its administrators have decided, and how it changes under way. */
export interface World {
  queues: QueueValue[];
  agents: AgentValue[];
  numbers: string[];
  /** All of it, as a worker tells it at its start. */
  events(): EngineEvent[];
  /** Some change an administrator makes: the event that tells it. */
  change(random: Random, nowMs: number): EngineEvent;
}

const scheduleId = id.schedule('hours');

export function createWorld(random: Random): World {
  const values = new Map<string, { value: ConfigurationValue; version: number; removed: boolean }>();
  let open = true;
  let days = 1;

  function put(value: ConfigurationValue, removed = false): EngineEvent {
    const key = `${value.type}:${value.id}`;
    const version = (values.get(key)?.version ?? 0) + 1;
    values.set(key, { value, version, removed });
    return event(key);
  }
  function event(key: string): EngineEvent {
    const { value, version, removed } = values.get(key)!;
    // A copy, as one read from a store: the worker must not see what is changed here afterwards.
    const told = removed ? null : structuredClone(value);
    return { type: 'configuration-changed', entity: value.type, id: value.id, version, value: told };
  }
  const day = (): EngineEvent => ({ type: 'day-began', organizationId, dayStartMs: days * 86_400_000 });
  const hours = (): EngineEvent => ({
    type: 'hours-changed',
    organizationId,
    scheduleId,
    open,
    reason: open ? null : 'temporary',
    untilMs: null
  });

  put(plainOrganization());
  const queues = Array.from({ length: random.between(1, 3) }, (_, n) => randomQueue(random, n));
  const agents = Array.from({ length: random.between(2, 6) }, (_, n): AgentValue => {
    return plainAgent(`agent${n}`, { skills: randomSkills(random), others: randomDevices(random, n) });
  });
  const numbers = queues.map((_, n) => `+4685000${n}`);
  for (const queue of queues) put(queue);
  for (const agent of agents) put(agent);
  for (const queue of queues) {
    for (const agent of agents) if (random.chance(0.7)) put(member(random, queue, agent));
  }
  const number = (random: Random, n: number) =>
    plainNumber(numbers[n]!, queues[n]!.id, {
      language: n % 2 === 0 ? 'sv' : 'en',
      needs: random.chance(0.2) ? randomNeeds(random) : [],
      creditSeconds: random.chance(0.2) ? random.between(1, 60) : 0,
      strict: random.chance(0.1)
    });
  queues.forEach((_, n) => put(number(random, n)));

  function change(random: Random, nowMs: number): EngineEvent {
    const queue = random.pick(queues);
    const agent = random.pick(agents);
    const key = `member:${queue.id}:${agent.id}`;
    switch (
      random.weighted({
        member: 4,
        settings: 3,
        hours: 2,
        agent: 1,
        devices: 1,
        skills: 2,
        number: 1,
        day: 0.5,
        temporary: 1
      })
    ) {
      case 'member': {
        const there = values.get(key);
        return put(member(random, queue, agent), there !== undefined && !there.removed && random.chance(0.6));
      }
      case 'settings': {
        const { id: queueId, name } = queue;
        Object.assign(queue, randomQueue(random, 0), { id: queueId, name, scheduleId: queue.scheduleId });
        return put({ ...queue });
      }
      case 'hours':
        open = !open || random.chance(0.5);
        return hours();
      case 'agent': {
        // Removed, and back with the next change of theirs.
        const there = values.get(`agent:${agent.id}`);
        return put(agent, there !== undefined && !there.removed);
      }
      case 'devices':
        // Gone, or there again: whoever is rung on it is rung elsewhere.
        agent.others = randomDevices(random, agents.indexOf(agent));
        return put({ ...agent });
      case 'skills':
        agent.skills = randomSkills(random);
        return put({ ...agent });
      case 'number':
        return put(number(random, random.between(0, numbers.length - 1)));
      case 'day':
        days += 1;
        return day();
      case 'temporary':
        return put(temporary(random, queues, nowMs), random.chance(0.1));
    }
  }

  const calls = random.chance(0.2) ? random.between(1, 4) : 100;
  const told = (): EngineEvent[] => [{ type: 'capacity-known', calls }, hours(), day()];
  return { queues, agents, numbers, change, events: () => [...told(), ...[...values.keys()].map(event)] };
}

function member(random: Random, queue: QueueValue, agent: AgentValue): MemberValue {
  const wrapUpSeconds = random.chance(0.2) ? random.between(0, 5) : null;
  return plainMember(queue.id, agent.id, { tier: random.between(1, 3), wrapUpSeconds });
}

/** Switched on, on anew, or off. */
function temporary(random: Random, queues: QueueValue[], nowMs: number): TemporaryValue {
  const queueIds = queues.filter(() => random.chance(0.7)).map((queue) => queue.id);
  const untilMs = nowMs + random.between(1, 60) * 1_000;
  return {
    type: 'temporary',
    id: id.temporary(`temporary${random.between(0, 1)}`),
    organizationId,
    name: 'Temporary',
    effect: random.chance(0.7) ? 'closed' : 'open',
    waiting: random.pick(['stay', 'announce', 'forward']),
    on: random.chance(0.7) ? { queueIds, fromMs: nowMs, untilMs } : null
  };
}

/** A mobile of an agent; one of the numbers may not be called (E7). */
function randomDevices(random: Random, n: number): AgentValue['others'] {
  if (random.chance(0.4)) return [];
  const number = random.chance(0.1) ? '+46900000000' : `+4670100000${n}`;
  return [{ id: id.device(`mobile-agent${n}`), kind: 'mobile', number }];
}

const skillIds = ['finnish', 'billing', 'network'].map((name) => id.skill(name));

function randomSkills(random: Random): AgentValue['skills'] {
  return skillIds.filter(() => random.chance(0.6)).map((skillId) => ({ skillId, level: random.between(1, 10) }));
}

/** Fewer, or less of them, at each step; mostly so that at last anybody will do. */
function randomNeeds(random: Random): NeedStep[] {
  const steps: NeedStep[] = [];
  let afterSeconds = 0;
  for (let level = random.between(3, 9); level > 0; level -= random.between(2, 5)) {
    const skills = skillIds.filter(() => random.chance(0.4)).map((skillId) => ({ skillId, level }));
    steps.push({ afterSeconds, skills });
    afterSeconds += random.between(1, 15);
  }
  if (random.chance(0.8)) steps.push({ afterSeconds, skills: [] });
  return steps;
}

/** Numbers of the outside; one of them may not be dialled (E7). */
export const outsideNumbers = ['+46850000001', '+46850000002', '+46850000003', '+358400000004'];

function randomClosing(random: Random): Partial<ClosingSettings> {
  if (random.chance(0.4)) return {};
  const inside = ['+46850000', '+46850001'];
  const to = (probability: number) =>
    random.chance(probability) ? random.pick(random.chance(0.2) ? inside : outsideNumbers) : null;
  const waitingMost = random.chance(0.5) ? random.between(1, 6) : null;
  return {
    closedTo: to(0.4),
    waitingMost,
    reopenAt: waitingMost === null ? 0 : random.between(0, waitingMost - 1),
    waitedMostSeconds: random.chance(0.3) ? random.between(5, 40) : null,
    situationTo: to(0.5),
    nobodyTo: to(0.4),
    unreachableTo: to(0.4),
    unreachableSeconds: random.between(1, 20),
    ringSeconds: random.between(3, 12),
    unanswered: random.pick(['return', 'announce', 'end']),
    presentNumber: random.chance(0.3) ? '+46850000' : null
  };
}

function randomQueue(random: Random, n: number): QueueValue {
  const announcement = (probability: number, media: string) =>
    random.chance(probability)
      ? { media: random.chance(0.05) ? 'missing' : media, mustBeHeard: random.chance(0.4) }
      : null;
  return plainQueue(`queue${n}`, {
    name: `Queue ${n}`,
    distribution: random.pick(['longest-idle', 'fair', 'parallel']),
    parallelAgents: random.between(1, 4),
    needs: random.chance(0.4) ? randomNeeds(random) : [],
    bestSkillFirst: random.chance(0.5),
    creditSeconds: random.chance(0.3) ? random.between(1, 120) : 0,
    strict: random.chance(0.15),
    keepPlaceSeconds: random.pick([0, 60, 300]),
    scheduleId: random.chance(0.5) ? scheduleId : null,
    welcome: announcement(0.6, 'welcome'),
    first: announcement(0.6, 'first'),
    repeated: announcement(0.6, 'repeated'),
    closed: announcement(0.5, 'closed'),
    closedBy: random.chance(0.3) ? { temporary: announcement(0.5, 'closed-temporary') } : {},
    repeatEverySeconds: random.between(3, 15),
    position: announcement(0.5, 'position'),
    positionEverySeconds: random.between(10, 30),
    positionMost: random.between(1, 5),
    waitingTime: announcement(0.5, 'waiting-time'),
    waitingTimeEverySeconds: random.between(5, 20),
    ringSeconds: random.between(3, 15),
    wrapUpSeconds: random.pick([0, 2, 8]),
    logoutAfterUnanswered: random.pick([0, 2, 3]),
    declinesCount: random.chance(0.5),
    closing: randomClosing(random)
  });
}
