import type { Language, OutwardTrunk } from './configuration.ts';
import type { ClickCode } from './events.ts';
import type { CallId, CallerToken, DeviceId, ForwardId, OfferId, PlayId, QueueId, SoundId } from './ids.ts';

/**
 * What is to be done outside, only after the commit. `commandId` is ours and stays in the state until the command is
 * answered; each kind of PBX command has a rule for its repetition after a restart (see the README of this folder).
 */
export type Command =
  | (PbxCommand & { commandId: string })
  /** Comes back as `deadline` at `atMs`; setting a key again replaces it. */
  | { type: 'schedule-deadline'; key: string; atMs: number }
  | { type: 'cancel-deadline'; key: string }
  /** The answer to a click: `factIndex` points to the fact in this batch that made it so; null: nothing had to change. */
  | { type: 'reply'; commandId: string; ok: true; factIndex: number | null }
  | { type: 'reply'; commandId: string; ok: false; code: ClickCode };

/**
 * A mobile is rung by the trunk, as `dial` does: its answer may be a voicemail's, so that only the press of 1 is told as
 * `offer-answered`. `to`: E.164. `showing`: one of our numbers, as the caller's own would be stored in a telephone that
 * is not ours, and refused by trunks that take no other number.
 */
export interface MobileRing {
  to: string;
  showing: string;
  trunk: OutwardTrunk;
  /** What is said to the agent before they press. */
  language: Language;
}

export type PbxCommand =
  | { type: 'answer'; callId: CallId }
  /** `media` play in order, in the language; ends in `play-ended`. Music, if on, pauses under it and goes on after. */
  | { type: 'play'; callId: CallId; playId: PlayId; media: string[]; language: Language }
  | { type: 'stop-play'; callId: CallId; playId: PlayId }
  /** Of the organization's own, or null: that of the product, which is also heard when the own one is not there. */
  | { type: 'start-music'; callId: CallId; music: SoundId | null }
  | { type: 'stop-music'; callId: CallId }
  /** Rings one device for one offer. The engine's deadline ends it; the PBX has one of its own 5 s later. */
  | {
      type: 'ring';
      offerId: OfferId;
      callId: CallId;
      deviceId: DeviceId;
      caller: CallerToken | null;
      queueId: QueueId;
      queueName: string;
      ringSeconds: number;
      /** Only of a mobile. */
      mobile?: MobileRing;
    }
  | { type: 'cancel-ring'; offerId: OfferId; reason: 'answered-elsewhere' | 'missed' | 'withdrawn' }
  /** Stops music and announcement, joins the two legs. Done when both are in the bridge. */
  | { type: 'connect'; callId: CallId; offerId: OfferId }
  /**
   * Rings an alternative number for a caller, by the trunk. `to`: E.164 or a short number. `showing`: whose number is
   * presented; null: the caller's own. `own`: the number of ours that was called, of which Diversion tells.
   */
  | {
      type: 'dial';
      forwardId: ForwardId;
      callId: CallId;
      to: string;
      caller: CallerToken | null;
      showing: string | null;
      own: string;
      trunk: OutwardTrunk;
      ringSeconds: number;
    }
  /** As `connect`, with the leg of a forward. */
  | { type: 'connect-forward'; callId: CallId; forwardId: ForwardId }
  | { type: 'hang-up-forward'; forwardId: ForwardId }
  | { type: 'hang-up-call'; callId: CallId; reason: 'normal' | 'busy' | 'no-answer' }
  | { type: 'hang-up-offer'; offerId: OfferId }
  /** Writes the channel variable VX (≤ 400 bytes): all that recovery without Redis needs. */
  | { type: 'tag'; callId: CallId; value: string };
