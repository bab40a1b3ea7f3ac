import type { PbxCommand } from '#lib/acd/commands.ts';
import type { CommandFailure, LegEnd, PbxEvent, PbxSnapshot } from '#lib/acd/events.ts';
import type { Language } from '#lib/acd/configuration.ts';
import type { DeviceId } from '#lib/acd/ids.ts';
import type { CodeAnnouncement } from '#lib/phone-codes.ts';

/**
 * The one port to the PBX. Two adapters stand behind it, Asterisk (`asterisk/`) and the simulated PBX
 * (`#lib/simulation`); `tests/conformance` runs on both. The adapter speaks of people by number: the cell turns
 * numbers into tokens before the engine sees them, and back for `ring` and `dial`.
 */
export interface Pbx {
  /**
   * Connects and stays connected, with backoff, until `stop`. Each time a connection stands, `connected` gets the
   * snapshot before any event of that connection. Rejects only when the first connection fails for good (bad credentials).
   */
  start(listener: PbxListener): Promise<void>;
  stop(): Promise<void>;
  /** Carries one command out. Never rejects: a failure is a value; each has a deadline of `commandDeadlineMs`. */
  execute(command: AdapterCommand): Promise<CommandResult>;
  /** Makes the devices of the given list exist, and no others of ours; answers with those read back. */
  configureDevices(devices: DeviceConfiguration[]): Promise<CommandResult>;
  /** There is other music in the folder of sounds (`configuration/sounds.ts`); who hears some goes on hearing it. */
  reloadMusic(): Promise<CommandResult>;
  /** Lets whoever dialled a code hear what came of it (null: nothing), and hangs up. Never rejects; ends within 15 s. */
  endCode(codeId: string, says: CodeSays | null): Promise<CommandResult>;
}

export const commandDeadlineMs = 2_000;

export interface PbxListener {
  event(event: AdapterEvent): void;
  /** A device dialled `*` and digits. What comes of it is not the engine's, and the leg is nobody's call. */
  code(dialled: DialledCode): void;
  connected(snapshot: AdapterSnapshot): void;
  /** The connection is gone; calls go on. It is being made again. */
  disconnected(reason: string): void;
  /** Another process took the application over: this one must stop at once (fencing). */
  replaced(): void;
}

export type CommandResult = { ok: true } | { ok: false; code: CommandFailure; detail: string };

/** Who calls, or is shown as who calls. null when withheld (E3). */
export interface CallerIdentity {
  number: string | null;
  name: string | null;
  withheld: boolean;
}
/** A call as the network gave it: numbers in whatever form they came; the cell's door reads them (E4). */
export interface Came {
  /** Of the Request-URI. */
  dialled: string;
  /** The users of To and P-Called-Party-ID, empty when there are none; left out by a PBX that has no more to tell. */
  elsewhere?: { to: string; calledParty: string };
  caller: CallerIdentity;
  /** The name of the trunk it came by; left out where a PBX has but one. */
  trunk?: string;
}
export type AdapterEvent =
  Exclude<PbxEvent, { type: 'call-arrived' }> | (Omit<Extract<PbxEvent, { type: 'call-arrived' }>, keyof Came> & Came);
export type AdapterSnapshot = Omit<PbxSnapshot, 'calls'> & {
  calls: (Omit<PbxSnapshot['calls'][number], keyof Came> & Came)[];
};
export type AdapterCommand =
  | Exclude<PbxCommand, Calling>
  | WithNumber<Extract<PbxCommand, { type: 'ring' }>>
  | WithNumber<Extract<PbxCommand, { type: 'dial' }>>;
/** Those that show somebody who calls. */
type Calling = Extract<PbxCommand, { caller: unknown }>;
type WithNumber<Command> = Omit<Command, 'caller'> & { caller: CallerIdentity };

/** `digits` as dialled; `codeId` is the leg's. One that nobody ends is ended by the PBX. */
export interface DialledCode {
  codeId: string;
  deviceId: DeviceId;
  digits: string;
}
export interface CodeSays {
  media: CodeAnnouncement;
  language: Language;
}

/** One SIP device as Asterisk needs it. `password` is derived, never stored (see `softphonePassword`). */
export interface DeviceConfiguration {
  deviceId: DeviceId;
  kind: 'softphone' | 'desk-phone';
  username: string;
  password: string;
}

export type { LegEnd };
