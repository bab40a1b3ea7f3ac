import type { Language } from '#lib/acd/configuration.ts';
import type { Role } from '#lib/server/db/schema/people.ts';

/** Who acts: from the session, or from a token of the API. */
export interface Actor {
  /** Of a token: `api:` and its id. */
  userId: string;
  organizationId: string;
  role: Role;
  name: string;
  language: Language;
}

export type Permission =
  | 'organization.read'
  | 'organization.write'
  | 'user.read'
  | 'user.write'
  | 'queue.read'
  | 'queue.write'
  | 'member.write'
  | 'number.read'
  | 'number.write'
  | 'schedule.read'
  | 'schedule.write'
  | 'skill.read'
  | 'skill.write'
  | 'sound.write'
  /** Make and take back tokens of the API. */
  | 'api.write'
  /** See all queues and agents live. */
  | 'wallboard.view'
  /** The list of calls and each one's record, of all queues. */
  | 'call.read'
  /** Take calls: softphone, shift, pause. Of one's own desk only. */
  | 'desk.use'
  /** Dial codes on a device of one's own. */
  | 'phone.use';

const reading: Permission[] = [
  'organization.read',
  'user.read',
  'queue.read',
  'number.read',
  'schedule.read',
  'skill.read'
];
const writing: Permission[] = [
  'organization.write',
  'user.write',
  'queue.write',
  'member.write',
  'number.write',
  'schedule.write',
  'skill.write',
  'sound.write',
  'api.write'
];

const granted: Record<Role, ReadonlySet<Permission>> = {
  administrator: new Set<Permission>([...reading, ...writing, 'wallboard.view', 'call.read', 'phone.use']),
  supervisor: new Set<Permission>([...reading, 'wallboard.view', 'call.read', 'phone.use']),
  agent: new Set<Permission>(['wallboard.view', 'desk.use', 'phone.use'])
};

/** What is acted on. Left out: something of the actor's own organization, nobody's in particular. */
export interface Subject {
  organizationId?: string;
  /** Whose desk, for `desk.use`. */
  userId?: string;
}

/**
 * The one question of permission: pages, routes, files, live topics, commands and operations all ask here. Nobody may
 * do anything in another organization, and nobody may use another's desk.
 */
export function can(actor: Actor | null, permission: Permission, subject: Subject = {}): boolean {
  if (!actor || !granted[actor.role].has(permission)) return false;
  if (subject.organizationId !== undefined && subject.organizationId !== actor.organizationId) return false;
  if (permission === 'desk.use' && subject.userId !== undefined && subject.userId !== actor.userId) return false;
  return true;
}
