import type {
  AgentValue,
  ClosingSettings,
  MemberValue,
  NumberValue,
  OrganizationValue,
  QueueValue
} from '#lib/acd/configuration.ts';
import { neverClosing, plainLimits, plainTrunk } from '#lib/acd/upgrade.ts';
import { id } from '#lib/acd/ids.ts';

/** The one organization of made-up worlds. */
export const organizationId = id.organization('org');

/** A queue that plays nothing and rings 20 s, by longest idle; what is given replaces that. */
export function plainQueue(
  queueId: string,
  more: Omit<Partial<QueueValue>, 'closing'> & { closing?: Partial<ClosingSettings> } = {}
): QueueValue {
  return {
    type: 'queue',
    id: id.queue(queueId),
    organizationId,
    name: queueId,
    kind: 'plus',
    tags: [],
    distribution: 'longest-idle',
    parallelAgents: 1,
    needs: [],
    bestSkillFirst: false,
    creditSeconds: 0,
    strict: false,
    keepPlaceSeconds: 0,
    scheduleId: null,
    welcome: null,
    first: null,
    repeated: null,
    closed: null,
    closedBy: {},
    repeatEverySeconds: 30,
    position: null,
    positionEverySeconds: 60,
    positionMost: 10,
    waitingTime: null,
    music: null,
    waitingTimeEverySeconds: 120,
    ringSeconds: 20,
    wrapUpSeconds: 10,
    logoutAfterUnanswered: 3,
    declinesCount: true,
    serviceLevelSeconds: 20,
    serviceLevelTargetPercent: 80,
    shortAbandonSeconds: 5,
    warnSeconds: 60,
    badSeconds: 120,
    ...more,
    closing: { ...neverClosing, ...more.closing }
  };
}

export function plainOrganization(more: Partial<OrganizationValue> = {}): OrganizationValue {
  return {
    type: 'organization',
    id: organizationId,
    name: 'Org',
    timeZone: 'Europe/Stockholm',
    language: 'sv',
    outgoing: plainLimits,
    trunk: plainTrunk,
    pauseReasons: [],
    ...more
  };
}

const nothing = { others: [], language: 'sv' as const, skills: [] };

export function plainAgent(agentId: string, more: Partial<AgentValue> = {}): AgentValue {
  const deviceId = id.device(`device-${agentId}`);
  return { type: 'agent', id: id.agent(agentId), organizationId, name: agentId, deviceId, ...nothing, ...more };
}

export function plainMember(queueId: string, agentId: string, more: Partial<MemberValue> = {}): MemberValue {
  const ids = { id: `${queueId}:${agentId}`, organizationId, queueId: id.queue(queueId), agentId: id.agent(agentId) };
  return { type: 'member', ...ids, tier: 1, wrapUpSeconds: null, ...more };
}

export function plainNumber(e164: string, queueId: string, more: Partial<NumberValue> = {}): NumberValue {
  const ids = { id: id.number(e164), organizationId, e164, queueId: id.queue(queueId) };
  return { type: 'number', ...ids, language: 'sv', needs: [], creditSeconds: 0, strict: false, ...more };
}
