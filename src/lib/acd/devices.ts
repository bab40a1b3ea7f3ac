import type { ContactReason, PbxEvent } from './events.ts';
import type { StoppedBy } from './facts.ts';
import type { DeviceId } from './ids.ts';
import { deviceReachable, failuresToUnreachable } from './indexes.ts';
import type { Device } from './state.ts';
import { putAgent, putDevice, schedule, tell, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/** A device that failed three times in a row is believed again after this, until it fails once more. */
export const deviceRetryMs = 60_000;

export function deviceOf(turn: Turn, deviceId: DeviceId): Device {
  return (
    turn.state.device.get(deviceId) ?? {
      v: 2,
      id: deviceId,
      mobile: false,
      registered: false,
      pageGone: false,
      failures: 0,
      reason: 'unregistered'
    }
  );
}

/** Changes a device and tells it when its reachability has changed. True when it has. */
export function changeDevice(turn: Turn, device: Device, change: Partial<Device>): boolean {
  const before = deviceReachable(device);
  Object.assign(device, change);
  putDevice(turn, device);
  const reachable = deviceReachable(device);
  if (reachable || device.failures < failuresToUnreachable) unschedule(turn, `device:${device.id}`);
  const agentId = turn.indexes.agentByDevice.get(device.id);
  const agent = agentId === undefined ? undefined : turn.state.agent.get(agentId);
  if (agent) putAgent(turn, agent);
  if (before === reachable) return false;
  if (agent) {
    const { id: deviceId, reason } = device;
    tell(turn, agent.organizationId, { type: 'reachability-changed', agentId: agent.id, deviceId, reachable, reason });
  }
  return true;
}

/** What an event says of a device. A new registration, like a page that comes back, is a fresh start. */
export function deviceChange(reason: ContactReason, reachable: boolean): Partial<Device> {
  switch (reason) {
    case 'page-gone':
      return { pageGone: true, reason };
    case 'page-back':
      return { pageGone: false, failures: 0, reason };
    case 'registered':
    case 'unregistered':
    case 'not-responding':
      return { registered: reachable, reason, ...(reachable ? { failures: 0 } : {}) };
  }
}

export type ReachabilityChanged = Extract<PbxEvent, { type: 'reachability-changed' }>;

/** Rule 5: three failures in a row. It is believed again after a while, since nothing may ever tell that it works. */
export function deviceFailed(turn: Turn, deviceId: DeviceId): void {
  const device = deviceOf(turn, deviceId);
  const failures = Math.min(device.failures + 1, failuresToUnreachable);
  changeDevice(turn, device, failures < failuresToUnreachable ? { failures } : { failures, reason: 'not-responding' });
  if (failures >= failuresToUnreachable) schedule(turn, `device:${device.id}`, turn.nowMs + deviceRetryMs);
}

/** E7: a mobile that a limit keeps from being called is shown as out of reach, and tried again after a while. */
export function deviceStopped(turn: Turn, deviceId: DeviceId, limit: StoppedBy): void {
  const reason = limit === 'number' || limit === 'prefix' ? 'not-allowed' : 'limit';
  changeDevice(turn, deviceOf(turn, deviceId), { failures: failuresToUnreachable, reason });
  schedule(turn, `device:${deviceId}`, turn.nowMs + deviceRetryMs);
}

export function deviceWorked(turn: Turn, deviceId: DeviceId): void {
  const device = turn.state.device.get(deviceId);
  if (device && device.failures > 0) changeDevice(turn, device, { failures: 0 });
}

export function deviceRetry(turn: Turn, deviceId: DeviceId): void {
  const device = turn.state.device.get(deviceId);
  if (device) changeDevice(turn, device, { failures: failuresToUnreachable - 1 });
}
