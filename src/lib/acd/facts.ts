import type { ConfigurationValue, Distribution, SkillNeed } from './configuration.ts';
import type { ClosedReason, LegEnd, ReachabilityReason } from './events.ts';
import type {
  AgentId,
  CallId,
  CallerToken,
  DeviceId,
  ForwardId,
  NumberId,
  OfferId,
  OrganizationId,
  QueueId,
  VisitId
} from './ids.ts';
import type { SpokenWait } from './speech.ts';
import type { Predictor } from './waiting-time.ts';

/**
 * What the engine decided and why, in codes with parameters. Facts feed everything after: live views, history,
 * figures, *Why did this call go there?* Changed only by addition; `v` counts the shape of each kind.
 * `atMs` is the `nowMs` of the event that led to it. Positions (`epoch-n`) are given by the store.
 */
export type Fact = { v: 1; atMs: number; organizationId: OrganizationId } & FactBody;

export type VisitOutcome = 'answered' | 'abandoned' | 'forwarded' | 'moved' | 'called-back' | 'failed';
/** How a call that never entered a queue ended. */
export type CallOutcome = 'left-before-queue' | 'closed' | 'refused';
export type OfferOutcome = 'accepted' | 'declined' | 'missed' | 'withdrawn' | 'failed';
/**
 * What a view shows of an agent; derived from the three facts, worst first. One exception: an offer or a call that is
 * there shows before a pause or a log-out that takes effect after it.
 */
export type AgentState = 'logged-out' | 'unreachable' | 'paused' | 'offered' | 'on-call' | 'wrap-up' | 'free';

export type FactBody =
  | {
      type: 'call-arrived';
      callId: CallId;
      caller: CallerToken | null;
      withheld: boolean;
      dialled: string;
      numberId: NumberId;
      queueId: QueueId;
    }
  | {
      type: 'call-finished';
      callId: CallId;
      outcome: CallOutcome | null;
      reason: ClosedReason | null;
      endedBy: 'caller' | 'agent' | 'system';
    }
  | {
      type: 'announced';
      callId: CallId;
      visitId: VisitId | null;
      announcement: 'welcome' | 'first' | 'repeated' | 'closed' | 'reconnecting' | 'position' | 'waiting-time';
      /** The first of several that were played in a row. */
      media: string;
      failed: boolean;
      /** What was said (P8, P9). */
      place?: number;
      wait?: SpokenWait;
    }
  /** What a visit is to expect as it begins to wait (B5): each way of telling, and the range of the one that is used. */
  | {
      type: 'predicted';
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      place: number;
      /** At work in the queue. */
      agents: number;
      by: Predictor;
      expectedMs: Record<Predictor, number | null>;
      lowMs: number;
      highMs: number;
    }
  | {
      type: 'visit-entered';
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      caller: CallerToken | null;
      withheld: boolean;
      queuedAtMs: number;
      creditSeconds: number;
      strict: boolean;
      because: 'call' | 'agent-lost' | 'adopted';
      /** Its credit is that of a kept place (B11), as `place-taken` tells. */
      placeKept?: true;
    }
  | {
      type: 'visit-ended';
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      outcome: VisitOutcome;
      waitedMs: number;
      agentId: AgentId | null;
    }
  | {
      type: 'offered';
      offerId: OfferId;
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      agentId: AgentId;
      deviceId: DeviceId;
      ringUntilMs: number;
      why: OfferWhy;
    }
  /** Nobody rings for this visit now: what those who could take it are doing, by state; who may not, and why (B3). */
  | {
      type: 'waits';
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      place: number;
      trigger: OfferWhy['trigger'];
      needs: SkillNeed[];
      /** Logged in and knowing enough. */
      able: Record<AgentState, number>;
      /** Logged in and knowing too little. */
      unskilled: number;
      /** Free, but they refused it less than 10 s ago (rule 5). */
      heldOff: AgentId[];
    }
  /** A step of the queue's or the number's needs has come (P15), or they were changed. */
  | {
      type: 'needs-changed';
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      needs: SkillNeed[];
      waitedMs: number;
    }
  /** B11. `rankMs`: queued at, less credit; `waitedMs`: how long its needs had counted. */
  | {
      type: 'place-kept';
      visitId: VisitId;
      queueId: QueueId;
      caller: CallerToken;
      rankMs: number;
      untilMs: number;
      strict?: boolean;
      waitedMs?: number;
    }
  | {
      type: 'place-taken';
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      caller: CallerToken;
      creditSeconds: number;
    }
  | { type: 'place-refused'; callId: CallId; queueId: QueueId; reason: 'another-waits' | 'rings-often' }
  /** P18 has logged out the last one of a queue. */
  | { type: 'last-agent-logged-out'; queueId: QueueId; agentId: AgentId }
  | { type: 'day-began'; dayStartMs: number }
  /** `ringUntilMs`: of a mobile, whose ring time begins only now. */
  | { type: 'offer-ringing'; offerId: OfferId; visitId: VisitId; agentId: AgentId; ringUntilMs?: number }
  /** A mobile has been answered: by the agent if they press 1 before `untilMs`. */
  | { type: 'offer-picked-up'; offerId: OfferId; visitId: VisitId; agentId: AgentId; untilMs: number }
  /** The ring that was ordered never reached the PBX: a full one is ordered again (rule 5). */
  | { type: 'offer-rung-anew'; offerId: OfferId; visitId: VisitId; agentId: AgentId; ringUntilMs: number }
  | {
      type: 'offer-ended';
      offerId: OfferId;
      visitId: VisitId;
      queueId: QueueId;
      agentId: AgentId;
      outcome: OfferOutcome;
      cause: LegEnd | null;
      unansweredInRow: number;
    }
  | {
      type: 'talk-started';
      offerId: OfferId;
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      agentId: AgentId;
      sinceMs: number;
    }
  | {
      type: 'talk-ended';
      offerId: OfferId;
      visitId: VisitId;
      callId: CallId;
      queueId: QueueId;
      agentId: AgentId;
      talkedMs: number;
      endedBy: 'caller' | 'agent' | 'system';
      lost: boolean;
    }
  /** P10, P11, P4: an alternative number is rung for a caller; `visitId` null: they never entered the queue. */
  | {
      type: 'forward-started';
      forwardId: ForwardId;
      callId: CallId;
      visitId: VisitId | null;
      queueId: QueueId;
      to: string;
      why: ClosedReason;
      showing: 'caller' | 'own';
    }
  | { type: 'forward-connected'; forwardId: ForwardId; callId: CallId; visitId: VisitId | null; queueId: QueueId }
  | {
      type: 'forward-ended';
      forwardId: ForwardId;
      callId: CallId;
      visitId: VisitId | null;
      queueId: QueueId;
      /** `withdrawn`: the caller left, or an agent answered first. */
      outcome: 'connected' | 'unanswered' | 'refused' | 'failed' | 'withdrawn';
      cause: LegEnd | null;
      code: number | null;
      /** Of `connected` only. */
      talkedMs: number | null;
      ore: number;
    }
  /** E7: a call that was not made. */
  | { type: 'forward-stopped'; callId: CallId; queueId: QueueId; to: string; why: ClosedReason; limit: StoppedBy }
  /** The caller goes to another queue of the organization. */
  | {
      type: 'call-moved';
      callId: CallId;
      visitId: VisitId | null;
      queueId: QueueId;
      toQueueId: QueueId;
      why: ClosedReason;
    }
  /** P10, P11: what holds of a queue now. */
  | {
      type: 'situation-changed';
      queueId: QueueId;
      full: boolean;
      late: boolean;
      nobody: 'nobody' | 'unreachable' | null;
    }
  | { type: 'held'; offerId: OfferId; callId: CallId; agentId: AgentId; held: boolean }
  | { type: 'wrap-up-started'; agentId: AgentId; queueId: QueueId; untilMs: number }
  | { type: 'wrap-up-changed'; agentId: AgentId; untilMs: number }
  | { type: 'wrap-up-ended'; agentId: AgentId; by: 'time' | 'agent' }
  | {
      type: 'shift-changed';
      agentId: AgentId;
      on: boolean;
      deviceId: DeviceId | null;
      reachable: boolean;
      /** When it began, if before `atMs`: only of one that was lost with the state and restored. */
      sinceMs?: number;
    }
  | {
      type: 'login-changed';
      agentId: AgentId;
      queueId: QueueId;
      loggedIn: boolean;
      by: 'agent' | 'unanswered' | 'shift' | 'membership' | 'removed' | 'restored';
    }
  /** P16. `next-call`: chosen in a call, which goes on where it is; told again when it holds. */
  | { type: 'device-changed'; agentId: AgentId; deviceId: DeviceId; reachable: boolean; from: 'now' | 'next-call' }
  /** `sinceMs` as in `shift-changed`; `reasonId` and `untilMs` as in `Pause`. */
  | {
      type: 'pause-changed';
      agentId: AgentId;
      paused: boolean;
      reason: string | null;
      sinceMs?: number;
      reasonId?: string;
      untilMs?: number;
    }
  | {
      type: 'reachability-changed';
      agentId: AgentId;
      deviceId: DeviceId;
      reachable: boolean;
      reason: ReachabilityReason;
    }
  /** The three facts as one word, each time it changes: what boards show, with the time it began. */
  | {
      type: 'agent-state';
      agentId: AgentId;
      state: AgentState;
      reason: string | null;
      queueId: QueueId | null;
      visitId: VisitId | null;
      sinceMs: number;
    }
  | {
      type: 'hours-changed';
      queueId: QueueId;
      open: boolean;
      reason: ClosedReason | null;
      untilMs: number | null;
      /** The name of the temporary schedule that decides it (P2). */
      temporary?: string;
    }
  | {
      type: 'configured';
      entity: string;
      id: string;
      version: number;
      removed: boolean;
      name: string | null;
      value: ConfigurationValue | null;
    }
  /** A correction the system made by itself (B8); counted and shown. */
  | { type: 'corrected'; code: string; subject: string };

/** Of E7: which limit. `again`: the same caller was forwarded three times within a minute; `loop`: forwarded too often on its way. */
export type StoppedBy = 'number' | 'prefix' | 'per-minute' | 'cost' | 'again' | 'loop' | 'talk';

/** Why this agent, this visit, now (B3). */
export interface OfferWhy {
  rule: Distribution;
  /** When the agent became idle; the earliest among the eligible. */
  idleSinceMs: number;
  /** Eligible agents in order at that moment, at most 5. */
  eligible: AgentId[];
  /** Place of the visit among those waiting in its queue. */
  place: number;
  trigger:
    | 'visit-entered'
    | 'agent-free'
    | 'offer-ended'
    | 'announcement-heard'
    | 'configuration'
    | 'recovered'
    | 'needs-relaxed';
  /** What put `eligible` in this order; in the same order. */
  order?: { agentId: AgentId; demoted: boolean; tier: number; skill: number; load: number; idleSinceMs: number }[];
  /** Free, but they have refused this visit: not before `untilMs`, and then after all others (rule 5). */
  skipped?: { agentId: AgentId; untilMs: number }[];
  /** How many were free and knew enough. */
  free?: number;
  needs?: SkillNeed[];
  /** The how many-eth agent rung at once, of how many at most (P14, parallel X). */
  ringing?: { nth: number; of: number };
}
