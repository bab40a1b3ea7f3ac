import type { Permission } from './can.ts';

/** What a route asks of whoever opens it: nothing, a session, a permission, or a token, which it looks at itself. */
export type RouteRule = 'public' | 'signed-in' | 'token' | Permission;

/**
 * Every route by its id, pages and endpoints alike. A route without a line here is refused (default deny), and
 * `routes.test.ts` fails for it. Loads and actions are covered too: the check is made in the hook, before either runs.
 * What an action changes is checked again where the operation is defined.
 */
export const routeRules: Record<string, RouteRule> = {
  '/': 'public',
  '/sign-in': 'public',
  '/preferences': 'public',
  '/health': 'public',
  '/api/v1/openapi.json': 'public',
  '/api/v1/[...path]': 'token',
  '/sign-out': 'signed-in',
  '/desk': 'desk.use',
  '/desk/click': 'desk.use',
  '/desk/softphone': 'desk.use',
  '/desk/mobile': 'desk.use',
  '/wallboard': 'wallboard.view',
  '/calls': 'call.read',
  '/calls/[id]': 'call.read',
  '/admin': 'queue.write',
  '/admin/queues': 'queue.write',
  '/admin/queues/[id]': 'queue.write',
  '/admin/queues/[id]/preview': 'queue.write',
  '/admin/announcements': 'sound.write',
  '/admin/announcements/sound/[language]/[name]': 'sound.write',
  '/admin/people': 'user.write',
  '/admin/people/[id]': 'user.write',
  '/admin/numbers': 'number.write',
  '/admin/numbers/[id]': 'number.write',
  '/admin/numbers/trunk': 'organization.write',
  '/admin/skills': 'skill.write',
  '/admin/api': 'api.write',
  '/admin/limits': 'organization.write',
  '/admin/pauses': 'organization.write',
  '/admin/hours': 'schedule.write',
  '/admin/hours/[id]': 'schedule.write',
  '/admin/hours/[id]/week': 'schedule.write',
  '/admin/hours/temporary/[id]': 'schedule.write'
};
