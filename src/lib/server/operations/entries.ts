import type {
  AgentValue,
  MemberValue,
  NumberValue,
  OrganizationValue,
  QueueValue,
  SkillValue,
  TemporaryValue
} from '#lib/acd/configuration.ts';
import type { SoundValue } from '#lib/sounds.ts';
import type { ScheduleValue } from '#lib/hours/schedule.ts';
import type { VersionedEntity } from '#lib/server/db/schema/configuration.ts';
import type { ApiRole } from '#lib/server/db/schema/api.ts';
import type { Plan, Role } from '#lib/server/db/schema/people.ts';

/** A user as audit and undo keep it. Nothing of it reaches the phones by itself: that is the agent's value. */
export interface UserValue {
  type: 'user';
  id: string;
  organizationId: string;
  role: Role;
  name: string;
  email: string;
  language: 'sv' | 'en';
  plan: Plan;
  active: boolean;
}

/** A token of the API as audit keeps it: never itself, nor its hash. */
export interface ApiTokenValue {
  type: 'api-token';
  id: string;
  organizationId: string;
  name: string;
  role: ApiRole;
  expiresMs: number;
}

export type VersionedValue =
  | OrganizationValue
  | QueueValue
  | MemberValue
  | AgentValue
  | NumberValue
  | SkillValue
  | ScheduleValue
  | TemporaryValue
  | SoundValue
  | UserValue
  | ApiTokenValue;

/** One version to be written; `value` null: removed. */
export type ConfigurationEntry = {
  [Entity in VersionedEntity]: {
    entity: Entity;
    id: string;
    version: number;
    value: Extract<VersionedValue, { type: Entity }> | null;
  };
}[VersionedEntity];
