import { id } from '#lib/acd/ids.ts';
import type {
  MemberValue,
  NumberValue,
  OrganizationValue,
  QueueKind,
  NeedStep,
  QueueValue,
  SkillValue,
  TemporaryValue
} from '#lib/acd/configuration.ts';
import type { ScheduleRule, ScheduleValue } from '#lib/hours/schedule.ts';
import { schema } from '#lib/server/db/index.ts';
import type { Plan } from '#lib/server/db/schema/people.ts';
import type { ApiTokenValue, UserValue } from './entries.ts';

type Row<Table extends { $inferSelect: unknown }> = Table['$inferSelect'];

/** P28: whether a plan may take part in queues of a kind. */
export function planCovers(plan: Plan, kind: QueueKind): boolean {
  return kind === 'basic' || plan !== 'standard';
}

export function organizationValue(row: Row<typeof schema.organization>): OrganizationValue {
  return {
    type: 'organization',
    id: id.organization(row.id),
    name: row.name,
    timeZone: row.timeZone,
    language: row.language,
    outgoing: row.outgoing,
    trunk: row.trunk,
    pauseReasons: row.pauseReasons
  };
}

export function queueValue(row: Row<typeof schema.queue>): QueueValue {
  const { organizationId, scheduleId, version: _version, createdAt: _createdAt, ...rest } = row;
  return {
    ...rest,
    type: 'queue',
    id: id.queue(row.id),
    organizationId: id.organization(organizationId),
    scheduleId: scheduleId === null ? null : id.schedule(scheduleId)
  };
}

export function memberId(queueId: string, userId: string): string {
  return `${queueId}:${userId}`;
}

export function memberValue(row: {
  organizationId: string;
  queueId: string;
  userId: string;
  tier: number;
  wrapUpSeconds: number | null;
}): MemberValue {
  return {
    type: 'member',
    id: memberId(row.queueId, row.userId),
    organizationId: id.organization(row.organizationId),
    queueId: id.queue(row.queueId),
    agentId: id.agent(row.userId),
    tier: row.tier,
    wrapUpSeconds: row.wrapUpSeconds
  };
}

/** null for a number that leads nowhere yet. */
export function numberValue(row: Row<typeof schema.number>): NumberValue | null {
  if (row.queueId === null) return null;
  return {
    type: 'number',
    id: id.number(row.id),
    organizationId: id.organization(row.organizationId),
    e164: row.e164,
    queueId: id.queue(row.queueId),
    language: row.language,
    needs: row.needs,
    creditSeconds: row.creditSeconds,
    strict: row.strict
  };
}

/** The skills that any step names. */
export function skillsOf(steps: NeedStep[]): string[] {
  return steps.flatMap((step) => step.skills.map(({ skillId }) => skillId));
}

export function skillValue(row: Row<typeof schema.skill>): SkillValue {
  return { type: 'skill', id: id.skill(row.id), organizationId: id.organization(row.organizationId), name: row.name };
}

export function scheduleValue(row: Row<typeof schema.schedule>, rules: ScheduleRule[]): ScheduleValue {
  return {
    type: 'schedule',
    id: id.schedule(row.id),
    organizationId: id.organization(row.organizationId),
    name: row.name,
    timeZone: row.timeZone,
    rules,
    holidays: row.holidays
  };
}

export function temporaryValue(row: Row<typeof schema.temporarySchedule>): TemporaryValue {
  const { name, effect, waiting, on } = row;
  const organizationId = id.organization(row.organizationId);
  return { type: 'temporary', id: id.temporary(row.id), organizationId, name, effect, waiting, on };
}

export function userValue(row: Row<typeof schema.user>): UserValue {
  const { passwordHash: _hash, version: _version, createdAt: _createdAt, ...rest } = row;
  return { type: 'user', ...rest };
}

export function apiTokenValue(row: Row<typeof schema.apiToken>): ApiTokenValue {
  const { id: tokenId, organizationId, name, role, expiresAt } = row;
  return { type: 'api-token', id: tokenId, organizationId, name, role, expiresMs: expiresAt.getTime() };
}

/** The rule of a row, without its keys. */
export function ruleOf(row: Row<typeof schema.scheduleRule>): ScheduleRule {
  const { id: _id, organizationId: _organization, scheduleId: _schedule, position: _position, ...rule } = row;
  return rule;
}
