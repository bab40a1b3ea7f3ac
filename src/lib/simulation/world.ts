import type { AgentValue, ConfigurationValue, MemberValue, QueueValue } from '#lib/acd/configuration.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';
import type { Random } from './random.ts';

/** A made-up organization: what its administrators have decided, and how it changes under way. */
export interface World {
  queues: QueueValue[];
  agents: AgentValue[];
  numbers: string[];
  /** All of it, as a worker tells it at its start. */
  events(): EngineEvent[];
  /** Some change an administrator makes: the event that tells it. */
  change(): EngineEvent;
}

const organizationId = id.organization('org');
const scheduleId = id.schedule('hours');

export function createWorld(random: Random): World {
  const values = new Map<string, { value: ConfigurationValue; version: number; removed: boolean }>();
  let open = true;

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
  const hours = (): EngineEvent => ({
    type: 'hours-changed',
    organizationId,
    scheduleId,
    open,
    reason: open ? null : 'temporary',
    untilMs: null
  });

  put({ type: 'organization', id: organizationId, name: 'Org', timeZone: 'Europe/Stockholm', language: 'sv' });
  const queues = Array.from({ length: random.between(1, 3) }, (_, n) => randomQueue(random, n));
  const agents = Array.from({ length: random.between(2, 6) }, (_, n): AgentValue => {
    const deviceId = id.device(`device${n}`);
    return { type: 'agent', id: id.agent(`agent${n}`), organizationId, name: `Agent ${n}`, deviceId };
  });
  const numbers = queues.map((_, n) => `+4685000${n}`);
  for (const queue of queues) put(queue);
  for (const agent of agents) put(agent);
  for (const queue of queues) {
    for (const agent of agents) if (random.chance(0.7)) put(member(queue, agent, random.between(1, 2)));
  }
  queues.forEach((queue, n) =>
    put({
      type: 'number',
      id: id.number(`number${n}`),
      organizationId,
      e164: numbers[n]!,
      queueId: queue.id,
      language: n % 2 === 0 ? 'sv' : 'en'
    })
  );

  function change(): EngineEvent {
    const queue = random.pick(queues);
    const agent = random.pick(agents);
    const key = `member:${queue.id}:${agent.id}`;
    switch (random.weighted({ member: 4, settings: 3, hours: 2, agent: 1 })) {
      case 'member': {
        const there = values.get(key);
        return put(
          member(queue, agent, random.between(1, 3)),
          there !== undefined && !there.removed && random.chance(0.6)
        );
      }
      case 'settings':
        Object.assign(queue, {
          ...randomQueue(random, 0),
          id: queue.id,
          name: queue.name,
          scheduleId: queue.scheduleId
        });
        return put({ ...queue });
      case 'hours':
        open = !open || random.chance(0.5);
        return hours();
      case 'agent': {
        // Removed, and back with the next change of theirs.
        const there = values.get(`agent:${agent.id}`);
        return put(agent, there !== undefined && !there.removed);
      }
    }
  }

  return { queues, agents, numbers, change, events: () => [hours(), ...[...values.keys()].map(event)] };
}

function member(queue: QueueValue, agent: AgentValue, tier: number): MemberValue {
  const memberId = `${queue.id}:${agent.id}`;
  return { type: 'member', id: memberId, organizationId, queueId: queue.id, agentId: agent.id, tier };
}

function randomQueue(random: Random, n: number): QueueValue {
  const announcement = (probability: number, media: string) =>
    random.chance(probability)
      ? { media: random.chance(0.05) ? 'missing' : media, mustBeHeard: random.chance(0.4) }
      : null;
  return {
    type: 'queue',
    id: id.queue(`queue${n}`),
    organizationId,
    name: `Queue ${n}`,
    kind: 'plus',
    distribution: 'longest-idle',
    scheduleId: random.chance(0.5) ? scheduleId : null,
    welcome: announcement(0.6, 'welcome'),
    first: announcement(0.6, 'first'),
    repeated: announcement(0.6, 'repeated'),
    closed: announcement(0.5, 'closed'),
    repeatEverySeconds: random.between(3, 15),
    ringSeconds: random.between(3, 15),
    wrapUpSeconds: random.pick([0, 2, 8]),
    logoutAfterUnanswered: random.pick([0, 2, 3]),
    declinesCount: random.chance(0.5),
    serviceLevelSeconds: 20,
    serviceLevelTargetPercent: 80,
    shortAbandonSeconds: 5,
    warnSeconds: 60,
    badSeconds: 120
  };
}
