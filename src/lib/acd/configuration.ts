import type {
  AgentId,
  DeviceId,
  NumberId,
  OrganizationId,
  QueueId,
  ScheduleId,
  SkillId,
  SoundId,
  TemporaryId
} from './ids.ts';

/**
 * What administrators decide, as whole values: the engine gets the full value at each change and keeps it in its
 * state, so that a restart with Postgres away works. Written to `configuration_version.value` in the same shape.
 */
export type ConfigurationValue =
  OrganizationValue | QueueValue | MemberValue | AgentValue | NumberValue | SkillValue | TemporaryValue;
export type ConfigurationEntity = ConfigurationValue['type'];

export type Language = 'sv' | 'en';
/** Why a queue that has hours takes no calls now (P4, P10). */
export const closingReasons = ['outside-hours', 'holiday', 'temporary', 'situation'] as const;
export type ClosingReason = (typeof closingReasons)[number];
/** P-rows differ by kind: `plus` = Kö Plus, `attendant` = Kö Telefonist, `basic` = Kö. */
export type QueueKind = 'plus' | 'attendant' | 'basic';
/** P14; see the glossary in design.md. Skills and tiers narrow or rank each of them. */
export type Distribution = 'longest-idle' | 'fair' | 'parallel';

/** The most agents rung for one visit (P14, parallel X). */
export const mostParallel = 20;
/** Of what an agent knows, and of what a call needs (P15). */
export const lowestLevel = 1;
export const highestLevel = 10;

/** Who knows less than this is not eligible (P15). */
export interface SkillNeed {
  skillId: SkillId;
  level: number;
}

/**
 * Needs hold from a waiting time on and replace the step before. In order of time, the first at 0 s; empty: anybody.
 * So "Finnish at 7, after 60 s at 4, after 180 s anybody" is three steps.
 */
export interface NeedStep {
  afterSeconds: number;
  skills: SkillNeed[];
}

/** What puts a visit before others that came earlier (matcher rule 3); of a queue and of a number it adds up. */
export interface Priority {
  /** As if it had waited so much longer. */
  creditSeconds: number;
  /** Before all that are not strict, however long those have waited. */
  strict: boolean;
}

export interface OrganizationValue {
  type: 'organization';
  id: OrganizationId;
  name: string;
  /** IANA zone; "today" of every figure begins at its midnight. */
  timeZone: string;
  language: Language;
  outgoing: OutgoingLimits;
  trunk: TrunkSettings;
  /** Why an agent may pause, in the order they are offered. */
  pauseReasons: PauseReason[];
}

/** A pause that lasts longer than `minutes` goes on, and is shown as over its limit; null: it has none. */
export interface PauseReason {
  id: string;
  name: string;
  minutes: number | null;
}

/**
 * One announcement as a queue uses it. `media`: the name of one that comes with the product, or `own-` and the id of one
 * of the organization's own.
 */
export interface AnnouncementSetting {
  media: string;
  /** Offers wait until it has been heard (matcher rule 8). */
  mustBeHeard: boolean;
}

/**
 * When callers are not let in, or not kept, and where they go instead (P4, P10, P11). Numbers are E.164 or short ones;
 * one of the organization's own leads into that number's queue. null: off.
 */
export interface ClosingSettings {
  /** P4: after the announcement that it is closed, or at once when there is none; null: the call ends. */
  closedTo: string | null;
  /** P10: closes when so many are in the queue or on their way into it, and opens again at `reopenAt`. */
  waitingMost: number | null;
  reopenAt: number;
  /** P10: closes while somebody has waited so long. */
  waitedMostSeconds: number | null;
  /** null: busy, before answer. */
  situationTo: string | null;
  /** P11: when no agent is logged in; null: callers wait. */
  nobodyTo: string | null;
  /** P11: when none of those logged in has been reachable for so long; null: callers wait. */
  unreachableTo: string | null;
  unreachableSeconds: number;
  /** How long an alternative number rings, from its ringing on. */
  ringSeconds: number;
  /** When nobody answers there: into the queue (or waiting on in it), the closed announcement, or the end. */
  unanswered: Unanswered;
  /** E5: presented where the trunk does not take the caller's own; null: the number that was called. */
  presentNumber: string | null;
}
export type Unanswered = 'return' | 'announce' | 'end';

/** E7: what a call that we make may be. */
export interface OutgoingLimits {
  /** What a number may begin with; the longest that fits decides, and `barred` wins over `allowed` of the same length. */
  allowed: string[];
  barred: string[];
  callsPerMinute: number;
  /** Price of a minute by prefix, in öre; a begun minute counts. Of no prefix that fits: the dearest. */
  prices: { prefix: string; orePerMinute: number }[];
  /** Since midnight; beyond it no call is begun. */
  dayMostOre: number;
  /** A talk that has lasted so long is ended: whoever forgot to hang up pays for no more than that. */
  talkMostMinutes: number;
}

/** What numbers without `+` and `00` are that come from a trunk: told by their look, with the country first, or national. */
export const numbersIn = ['any', 'digits', 'national'] as const;
/** `+46…`, `0046…`, `46…`, or as they are dialled in their country (`0…`), others with `00`. */
export const numbersOut = ['plus', 'zeros', 'digits', 'national'] as const;
/** Where an INVITE says what number was dialled: its Request-URI, To, or P-Called-Party-ID. */
export const dialledPlaces = ['request', 'to', 'called-party'] as const;

/** E4, E5: how the organization's calls come from the public network, and go out to it. */
export interface TrunkSettings {
  /** One of those that the installation has; several organizations may share it. */
  name: string;
  /** Calling code of the country whose numbers may stand without it: digits. */
  countryCode: string;
  dialledIn: (typeof dialledPlaces)[number];
  comesAs: (typeof numbersIn)[number];
  sendsAs: (typeof numbersOut)[number];
  /** Whether numbers that are not ours may be presented; else callers' are never tried. */
  takesForeign: boolean;
  /** Who calls is told in P-Asserted-Identity, too. */
  asserted: boolean;
}
/** What of it a call out depends on. */
export type OutwardTrunk = Pick<TrunkSettings, 'name' | 'countryCode' | 'sendsAs' | 'asserted'>;

export interface QueueValue extends Priority {
  type: 'queue';
  id: QueueId;
  organizationId: OrganizationId;
  name: string;
  kind: QueueKind;
  /** Words by which many queues are chosen at once (P2). */
  tags: string[];
  distribution: Distribution;
  /** X of `parallel`: so many agents are rung at once at the most; 1 rings like `longest-idle`. */
  parallelAgents: number;
  needs: NeedStep[];
  /** Of those who know enough, the best in the needed skills first; else skills only decide who may be offered it. */
  bestSkillFirst: boolean;
  /** B11: who rings again within this keeps the place they had; 0: nobody does. */
  keepPlaceSeconds: number;
  closing: ClosingSettings;
  /** null: always open. The hours themselves reach the engine as `hours-changed`. */
  scheduleId: ScheduleId | null;
  /** P5, P6, P7, P4; null: not played. */
  welcome: AnnouncementSetting | null;
  first: AnnouncementSetting | null;
  repeated: AnnouncementSetting | null;
  closed: AnnouncementSetting | null;
  /** P4: instead of `closed` when it is closed for this reason; null: nothing is said, the caller hears busy. */
  closedBy: Partial<Record<ClosingReason, AnnouncementSetting | null>>;
  /** From the end of one repeated announcement to the start of the next. */
  repeatEverySeconds: number;
  /** P8: said after the first announcement, when it has become better, and again after so long; null: never. */
  position: AnnouncementSetting | null;
  positionEverySeconds: number;
  /** Places beyond this are not said. */
  positionMost: number;
  /** P9: said after the place, and looked at again after so long; null: never. */
  waitingTime: AnnouncementSetting | null;
  waitingTimeEverySeconds: number;
  /** What is heard between announcements; null: the music that comes with the product. */
  music: SoundId | null;
  ringSeconds: number;
  wrapUpSeconds: number;
  /** P18: so many unanswered offers in a row log the agent out; 0: never. */
  logoutAfterUnanswered: number;
  /** P18: whether a decline counts too. */
  declinesCount: boolean;
  serviceLevelSeconds: number;
  serviceLevelTargetPercent: number;
  /** Abandoned sooner than this is left out of the service level. */
  shortAbandonSeconds: number;
  /** The waiting time turns amber, then red. */
  warnSeconds: number;
  badSeconds: number;
}

export interface MemberValue {
  type: 'member';
  /** `${queueId}:${agentId}` */
  id: string;
  organizationId: OrganizationId;
  queueId: QueueId;
  agentId: AgentId;
  /** 1 first. */
  tier: number;
  /** Of calls from this queue, instead of the queue's; null: as the queue says. */
  wrapUpSeconds: number | null;
}

export interface AgentValue {
  type: 'agent';
  id: AgentId;
  organizationId: OrganizationId;
  name: string;
  /** The softphone, which every agent has. */
  deviceId: DeviceId;
  /** What they may choose to be rung on instead (P16). */
  others: OtherDevice[];
  /** What is said to them on a mobile. */
  language: Language;
  /** Level 1 to 10 of what they know; one not named is not known. In order of id. */
  skills: { skillId: SkillId; level: number }[];
}

/** A desk phone registers as the softphone does; a mobile is a number outside (E.164), rung by the trunk. */
export type OtherDevice = { id: DeviceId; kind: 'desk-phone' } | { id: DeviceId; kind: 'mobile'; number: string };
export type AgentDevice = { id: DeviceId; kind: 'softphone' } | OtherDevice;
export type DeviceKind = AgentDevice['kind'];

/** What an agent can be rung on, the softphone first. */
export function devicesOf({ deviceId, others }: Pick<AgentValue, 'deviceId' | 'others'>): AgentDevice[] {
  return [{ id: deviceId, kind: 'softphone' }, ...others];
}

export interface NumberValue extends Priority {
  type: 'number';
  id: NumberId;
  organizationId: OrganizationId;
  /** `+` and digits, or a short number as it is (E4). */
  e164: string;
  queueId: QueueId;
  language: Language;
  /** Beside those of its queue. */
  needs: NeedStep[];
}

/** Something agents know and calls need: a language, a product. The engine knows it by its id alone. */
export interface SkillValue {
  type: 'skill';
  id: SkillId;
  organizationId: OrganizationId;
  name: string;
}

/** P2: a temporary schedule. While it is on it closes or opens its queues, whatever their hours say. */
export interface TemporaryValue {
  type: 'temporary';
  id: TemporaryId;
  organizationId: OrganizationId;
  name: string;
  effect: 'closed' | 'open';
  /**
   * What becomes of those who wait when it closes: they stay and are answered; or they hear it and are hung up; or they
   * hear it and go to the number their queue has for when it is closed, where it has one.
   */
  waiting: 'stay' | 'announce' | 'forward';
  /** null: prepared only. It is over at `untilMs` by itself, and this says nothing any more. Epoch ms. */
  on: { queueIds: QueueId[]; fromMs: number; untilMs: number } | null;
}
