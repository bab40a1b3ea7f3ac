import type { AgentId, DeviceId, NumberId, OrganizationId, QueueId, ScheduleId } from './ids.ts';

/**
 * What administrators decide, as whole values: the engine gets the full value at each change and keeps it in its
 * state, so that a restart with Postgres away works. Written to `configuration_version.value` in the same shape.
 */
export type ConfigurationValue = OrganizationValue | QueueValue | MemberValue | AgentValue | NumberValue;
export type ConfigurationEntity = ConfigurationValue['type'];

export type Language = 'sv' | 'en';
/** P-rows differ by kind: `plus` = Kö Plus, `attendant` = Kö Telefonist, `basic` = Kö. */
export type QueueKind = 'plus' | 'attendant' | 'basic';
/** Only `longest-idle` is offered by the engine so far (P14); the others come with the whole matcher. */
export type Distribution = 'longest-idle';

export interface OrganizationValue {
  type: 'organization';
  id: OrganizationId;
  name: string;
  /** IANA zone; "today" of every figure begins at its midnight. */
  timeZone: string;
  language: Language;
}

/** One announcement as a queue uses it. `media` is a file name under the announcements folder, without language and ending. */
export interface AnnouncementSetting {
  media: string;
  /** Offers wait until it has been heard (matcher rule 8). */
  mustBeHeard: boolean;
}

export interface QueueValue {
  type: 'queue';
  id: QueueId;
  organizationId: OrganizationId;
  name: string;
  kind: QueueKind;
  distribution: Distribution;
  /** null: always open. The hours themselves reach the engine as `hours-changed`. */
  scheduleId: ScheduleId | null;
  /** P5, P6, P7, P4; null: not played. */
  welcome: AnnouncementSetting | null;
  first: AnnouncementSetting | null;
  repeated: AnnouncementSetting | null;
  closed: AnnouncementSetting | null;
  /** From the end of one announcement to the start of the next. */
  repeatEverySeconds: number;
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
}

export interface AgentValue {
  type: 'agent';
  id: AgentId;
  organizationId: OrganizationId;
  name: string;
  /** The device that rings (P16); for now always the agent's softphone. */
  deviceId: DeviceId;
}

export interface NumberValue {
  type: 'number';
  id: NumberId;
  organizationId: OrganizationId;
  /** `+` and digits, or a short number as it is (E4). */
  e164: string;
  queueId: QueueId;
  language: Language;
}
