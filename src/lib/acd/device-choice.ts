import { devicesOf } from './configuration.ts';
import type { AgentDevice } from './configuration.ts';
import { moveTo } from './agents.ts';
import type { DeviceId } from './ids.ts';
import { configured, deviceReachable } from './indexes.ts';
import { deviceOf } from './devices.ts';
import { withdrawFromAgent } from './offers.ts';
import type { Agent, Device } from './state.ts';
import { putAgent, tell } from './turn.ts';
import type { Turn } from './turn.ts';

/** The device if it is one of the agent's, and nobody else works at it. */
export function ownDevice(turn: Turn, agent: Agent, deviceId: DeviceId): AgentDevice | null {
  const value = configured(turn.state, 'agent', agent.id);
  const other = turn.indexes.agentByDevice.get(deviceId);
  if (!value || (other !== undefined && other !== agent.id)) return null;
  return devicesOf(value).find(({ id }) => id === deviceId) ?? null;
}

/**
 * What is known of a device that its agent has just chosen: they are there. A mobile says nothing of itself before it is
 * rung, and is believed.
 */
export function justChosen({ kind }: AgentDevice): Partial<Device> {
  const fresh = { pageGone: false, failures: 0 };
  return kind === 'mobile' ? { ...fresh, mobile: true, registered: true, reason: 'registered' } : fresh;
}

/**
 * P16: the agent is rung on another of their devices: at once, or from when the leg is gone that they have now. One that
 * rings is taken back, as they look elsewhere; a talk goes on.
 */
export function changeTo(turn: Turn, agent: Agent, deviceId: DeviceId): void {
  if ((agent.nextDeviceId ?? agent.deviceId) === deviceId) return;
  const { occupancy } = agent;
  if (occupancy.type !== 'offered' && occupancy.type !== 'talk') return moveTo(turn, agent, deviceId);
  agent.nextDeviceId = deviceId === agent.deviceId ? null : deviceId;
  putAgent(turn, agent);
  const reachable = deviceReachable(deviceOf(turn, deviceId));
  const from = agent.nextDeviceId === null ? 'now' : 'next-call';
  tell(turn, agent.organizationId, { type: 'device-changed', agentId: agent.id, deviceId, reachable, from });
  const offer = turn.state.offer.get(occupancy.offerId);
  if (offer?.phase === 'ringing') withdrawFromAgent(turn, offer);
}
