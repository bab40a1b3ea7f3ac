import type { ClosingReason, ConfigurationEntity, ConfigurationValue } from './configuration.ts';
import type {
  AgentId,
  CallId,
  CallerToken,
  DeviceId,
  ForwardId,
  OfferId,
  OrganizationId,
  PlayId,
  QueueId,
  ScheduleId
} from './ids.ts';

/**
 * Everything the engine is told. `nowMs` is monotonic (wall clock at start plus elapsed); `eventId` is unique in the
 * cell and is the root of every id the engine makes while it handles the event, so that the same input gives the same ids.
 */
export interface EngineInput {
  nowMs: number;
  eventId: string;
  event: EngineEvent;
}

export type EngineEvent =
  | PbxEvent
  | { type: 'click'; commandId: string; agentId: AgentId; click: Click }
  | { type: 'deadline'; key: string }
  | {
      type: 'configuration-changed';
      entity: ConfigurationEntity;
      id: string;
      version: number;
      value: ConfigurationValue | null;
    }
  | {
      type: 'hours-changed';
      organizationId: OrganizationId;
      scheduleId: ScheduleId;
      open: boolean;
      reason: ClosedReason | null;
      untilMs: number | null;
    }
  /** A command could not be carried out; not found means that the leg is gone. */
  | { type: 'command-failed'; commandId: string; code: CommandFailure }
  | { type: 'command-done'; commandId: string }
  /** The connection to the PBX is gone: calls go on there, nothing is offered here until `reconciled`. */
  | { type: 'disconnected' }
  /** What the PBX really has, after a start, a reconnect or a restart of Asterisk. Sent before any event of the new connection. */
  | { type: 'reconciled'; snapshot: PbxSnapshot }
  | { type: 'clock-stepped'; byMs: number }
  /** Midnight in the organization's zone, epoch ms: at each one, and once after a start. Figures of `fair` begin anew. */
  | { type: 'day-began'; organizationId: OrganizationId; dayStartMs: number }
  /** At a start, after the configuration: whoever is on shift as far as history knows. */
  | { type: 'intents-known'; intents: AgentIntent[] }
  /** As before it: the places kept as far as history knows, with some that have since been taken or are over. */
  | { type: 'places-known'; places: KeptPlace[] }
  /** How many callers' calls the PBX can hold, with room left for the legs of those who are to answer them. */
  | { type: 'capacity-known'; calls: number };

/** What an agent on shift wants, as it is kept outside the state. */
export interface AgentIntent {
  agentId: AgentId;
  organizationId: OrganizationId;
  deviceId: DeviceId;
  shiftSinceMs: number;
  /** Logged in to. */
  queueIds: QueueId[];
  paused: Pause | null;
}

/** `reason` is as the agent saw it; `reasonId` and `untilMs` (when it is over its limit) only of the organization's own reasons. */
export interface Pause {
  reason: string | null;
  sinceMs: number;
  reasonId?: string;
  untilMs?: number;
}

/** The place of a visit that was abandoned, kept for whoever rings again (B11). */
export interface KeptPlace {
  organizationId: OrganizationId;
  queueId: QueueId;
  caller: CallerToken;
  /** `queuedAtMs − credit` of the visit, and whether it was strict. */
  rankMs: number;
  strict: boolean;
  /** How long its needs had counted. */
  waitedMs: number;
  untilMs: number;
}

/**
 * Why a caller does not come in. `nobody`, `unreachable`: no agent is logged in, or none of them can be reached (P11);
 * `full`: the PBX can hold no more calls.
 */
export type ClosedReason = ClosingReason | 'nobody' | 'unreachable' | 'full';

/** What the adapter tells of the PBX, as it reaches the engine: numbers already E.164, people already tokens. */
export type PbxEvent =
  /** `tag`: it has been here before and comes back from the dialplan's fallback; it keeps the place it had. */
  | { type: 'call-arrived'; callId: CallId; dialled: string; caller: Caller; tag?: string | null }
  /** The caller's leg is gone, whoever ended it; or it was sent to the dialplan, and may come back by `call-arrived`. */
  | { type: 'call-ended'; callId: CallId; cause: LegEnd }
  | { type: 'play-ended'; callId: CallId; playId: PlayId; failed: boolean }
  | { type: 'offer-ringing'; offerId: OfferId }
  /** A mobile has been answered, by somebody or by a voicemail: `offer-answered` is the press of 1. */
  | { type: 'offer-picked-up'; offerId: OfferId }
  | { type: 'offer-answered'; offerId: OfferId }
  /** The agent's leg is gone, before or after its answer. */
  | { type: 'offer-ended'; offerId: OfferId; cause: LegEnd }
  | { type: 'hold-changed'; offerId: OfferId; held: boolean }
  | { type: 'forward-ringing'; forwardId: ForwardId }
  | { type: 'forward-answered'; forwardId: ForwardId }
  /** The leg to the alternative number is gone, before or after its answer. `code`: SIP's own, of a refusal; else null. */
  | { type: 'forward-ended'; forwardId: ForwardId; cause: LegEnd; code: number | null }
  | { type: 'reachability-changed'; deviceId: DeviceId; reachable: boolean; reason: ContactReason };

/** `token` is null when the number is withheld or absent (E3): nothing then ties two calls together. */
export interface Caller {
  token: CallerToken | null;
  withheld: boolean;
}

/**
 * Why a leg ended. Before answer: `declined` (603), `busy` (486), `no-answer` (Asterisk's own timeout), `unreachable`
 * (no contact, transport gone), `failed` (anything else). After answer: `hung-up` (BYE) or `lost` (RTP timeout, socket gone).
 */
export type LegEnd = 'hung-up' | 'declined' | 'busy' | 'no-answer' | 'unreachable' | 'lost' | 'failed' | 'cancelled';
/** What the PBX and the page tell of a device. */
export type ContactReason = 'registered' | 'unregistered' | 'not-responding' | 'page-gone' | 'page-back';
/** `limit`, `not-allowed`: a mobile that may not be called now, or not at all (E7). */
export type ReachabilityReason = ContactReason | 'limit' | 'not-allowed';
/** `loop`: of a `dial`, the call has been forwarded too often on its way here. */
export type CommandFailure = 'not-found' | 'conflict' | 'refused' | 'deadline' | 'unavailable' | 'loop';

export interface PbxSnapshot {
  calls: {
    callId: CallId;
    dialled: string;
    caller: Caller;
    answered: boolean;
    /** The channel variable VX as last written; null when the engine never saw the call. */
    tag: string | null;
    /** Playing or music, so that nothing is started twice. */
    playing: PlayId | null;
  }[];
  /** `pickedUp`: a mobile that has been answered, and on which 1 has not been pressed. */
  offers: { offerId: OfferId; answered: boolean; pickedUp?: boolean }[];
  forwards: { forwardId: ForwardId; answered: boolean }[];
  /** Bridges with both legs in them, by the leg that is not the caller's. */
  connected: (OfferId | ForwardId)[];
  devices: { deviceId: DeviceId; reachable: boolean }[];
}

/** What an agent does on the desk. Answer, hold and decline of a softphone go by SIP and arrive as PBX events. */
export type Click =
  /** Intent on for all queues of the agent (P12), to be rung on one of their devices (P16); a softphone is armed. */
  | { type: 'start-shift'; deviceId: DeviceId }
  /** P16: what rings is taken back; a talk goes on where it is. */
  | { type: 'change-device'; deviceId: DeviceId }
  | { type: 'end-shift' }
  | { type: 'log-in'; queueIds: QueueId[] | 'all' }
  | { type: 'log-out'; queueIds: QueueId[] | 'all' }
  /** `reasonId`: one of the organization's own, whose name and limit then count. */
  | { type: 'pause'; reason: string | null; reasonId?: string }
  | { type: 'resume' }
  /** End wrap-up now, or have more of it (P17). */
  | { type: 'ready' }
  | { type: 'more-time'; seconds: number }
  /** For when the softphone's own path is gone. */
  | { type: 'decline'; offerId: OfferId }
  | { type: 'hang-up'; offerId: OfferId }
  /** The page that had the call is closed or reloaded: its leg is dead, though the PBX cannot know it for seconds yet. */
  | { type: 'call-lost'; offerId: OfferId }
  /** From `web`: the agent's page is gone, or back (its heartbeat). */
  | { type: 'page-gone'; deviceId: DeviceId }
  | { type: 'page-back'; deviceId: DeviceId };

export type ClickCode =
  | 'unknown-agent'
  | 'not-on-shift'
  | 'not-a-member'
  | 'not-paused'
  | 'already-paused'
  | 'no-such-reason'
  | 'no-wrap-up'
  | 'limit-reached'
  | 'no-such-offer'
  | 'no-such-device'
  | 'too-late'
  | 'bad-input';
