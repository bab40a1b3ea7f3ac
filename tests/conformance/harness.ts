import type { CallId, DeviceId } from '#lib/acd/ids.ts';
import type { Pbx } from '#lib/server/pbx/port.ts';

/**
 * What the suite needs of a PBX besides the port: a network that calls in, and devices that people hold. One harness
 * serves all tests of a run, one after the other; every wait has its own deadline.
 */
export interface Harness {
  /** Not yet started. */
  pbx: Pbx;
  /** Two devices that are configured and registered, and one that is configured and has no contact. */
  devices: { anna: DeviceId; bo: DeviceId; nobody: DeviceId };
  /** A number that reaches the application, E.164. */
  number: string;
  /** Names of announcements: one of about a second, one of at least ten seconds, one that does not exist. */
  media: { short: string; long: string; missing: string };
  call(from: { number: string } | 'withheld'): Promise<PlacedCall>;
  /** The device now rings for the offer made last, or will: each act waits until it does. */
  device(deviceId: DeviceId): DeviceInHand;
  /** A telephone outside, with a number of its own. `refuse`: Q.850 17 busy, 21 rejected, 1 no such number. */
  outside(behaviour: {
    answerAfterMs?: number;
    refuse?: 17 | 21 | 1;
  }): Promise<{ number: string; press(digit: string): Promise<void>; hangUp(): Promise<void> }>;
  /** A waiting caller is sent to the dialplan as the worker's parent does it; comes back by itself within seconds. */
  sendAway(callId: CallId): Promise<void>;
  /** Breaks the adapter's connection to the PBX. Calls go on; the adapter comes back by itself. */
  cutConnection(): Promise<void>;
  close(): Promise<void>;
}

/** The caller's end of a call. */
export interface PlacedCall {
  /** Resolves when the other side has answered. */
  answered(): Promise<void>;
  hangUp(): Promise<void>;
  /** How it ended, as the network saw it: the SIP status that refused it, or `bye` after answer. Resolves when it has. */
  ended(): Promise<number | 'bye' | 'cancelled'>;
}

export interface DeviceInHand {
  answer(): Promise<void>;
  /** 603 */
  decline(): Promise<void>;
  /** 486 */
  busy(): Promise<void>;
  hangUp(): Promise<void>;
  hold(held: boolean): Promise<void>;
  /** Resolves when it is over. */
  dial(digits: string): Promise<'answered' | 'unanswered'>;
  /** Takes the contact away, or brings it back. */
  register(present: boolean): Promise<void>;
}
